-- A spool as release 1 of its tables wrote it: one conversation, and the notice of one that was erased.
PRAGMA application_id = 1396921168;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE board (
    name TEXT PRIMARY KEY, version INTEGER NOT NULL, document BLOB NOT NULL, content BLOB NOT NULL
) STRICT;
INSERT INTO "board" VALUES('line',3,X'646F63756D656E74',X'636F6E74656E74');
CREATE TABLE conversation_secrets (  -- rows of one size that are never deleted, so that none ever moves (see shredding)
    number INTEGER PRIMARY KEY,
    free INTEGER NOT NULL,
    secret BLOB NOT NULL  -- the key of all that belongs to the conversation, then its half
) STRICT;
INSERT INTO "conversation_secrets" VALUES(1,1,X'00000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO "conversation_secrets" VALUES(2,0,X'6039AA16AF33452EF85AD1FF15E522E958C617872298994A20B72E111AE0786E612068616C66206F66207468697274792D74776F206B6E6F776E206279746573');
CREATE TABLE conversations (
    number INTEGER PRIMARY KEY REFERENCES conversation_secrets,
    conversation BLOB NOT NULL UNIQUE,
    lookup BLOB NOT NULL UNIQUE,
    duress BLOB,
    last_day INTEGER NOT NULL,
    days INTEGER NOT NULL,  -- how long it lives after the last word of either side
    lane TEXT NOT NULL
) STRICT;
INSERT INTO "conversations" VALUES(2,X'636F6E766572736174696F6E206F6E65',X'6C6F6F6B2D7570206964206F66206974',X'039485877A869DD1EEAFF58332224831A291A8DB135635D1725A26B20ED4FEBB',20980,180,'first');
CREATE TABLE kept (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    ends INTEGER NOT NULL,
    conversation INTEGER REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    UNIQUE (kind, key)
) STRICT;
INSERT INTO "kept" VALUES(1,'position',X'63686174',X'E84DF89DEF78BCF1956DCE2F059FB8850C5B9A53357D1D1C700AE4C848E88346',1797249600,2,'first');
CREATE TABLE probe (body BLOB NOT NULL) STRICT;
INSERT INTO "probe" VALUES(X'');
CREATE TABLE replies (
    seq INTEGER PRIMARY KEY,
    conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
    lane TEXT NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
INSERT INTO "replies" VALUES(1,2,'first',X'3BA19F802AFBE3B5AEE319B3A2C193F7F75F05ECD1D3F5F4B7177E795294289A95');
INSERT INTO "replies" VALUES(2,2,'reply',X'B36F8ED93B3FC3E66F841DC88F1A0B1534E6736029C7170AB566388E4C0B9A012763');
CREATE TABLE room (lane TEXT PRIMARY KEY, used INTEGER NOT NULL) STRICT;
INSERT INTO "room" VALUES('first',1058);
INSERT INTO "room" VALUES('known',262);
INSERT INTO "room" VALUES('reply',290);
CREATE TABLE seen (
    number INTEGER PRIMARY KEY,  -- swept from the lowest number, so that the day needs no index
    key BLOB NOT NULL UNIQUE,
    day INTEGER NOT NULL,
    lane TEXT NOT NULL
) STRICT;
INSERT INTO "seen" VALUES(1,X'11B920C7CC91AE1EC3A601A31422A7840633FC89F9A86C67FE1C68CEBF38C91E',20800,'first');
INSERT INTO "seen" VALUES(2,X'746865206B6579206F6620616E206163742C20696E203332206C657474657273',20800,'first');
INSERT INTO "seen" VALUES(3,X'746865206B6579206F662061207265706C7920696E203332206C657474657273',20800,'reply');
INSERT INTO "seen" VALUES(4,X'9ABD813F4C86193C955C0EA35FC8A92E4BF7FCE8D5A694E40AE6DE77A21D9684',20800,'known');
CREATE TABLE waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,  -- never used again: settling twice must not hit a new envelope
    conversation INTEGER REFERENCES conversations,  -- none for the notice of an erasure
    lane TEXT NOT NULL,
    arrived REAL NOT NULL,
    envelope BLOB NOT NULL
) STRICT;
INSERT INTO "waiting" VALUES(2,2,'first',1797163200.25,X'3DAABA4876652E03F274F62E03EFC658A5EEE2A5026B313F836FF89A8CA08D9FC2');
INSERT INTO "waiting" VALUES(3,2,'first',1797163200.25,X'036F24FCEEFF9471923CB72E7A45DFDEB7ED87AE3F4B9D91F922C6100C7CC511');
INSERT INTO "waiting" VALUES(4,NULL,'known',1797163200.25,X'6E6F74696365');
CREATE INDEX conversation_secrets_free ON conversation_secrets (number) WHERE free;
CREATE INDEX conversations_last_day ON conversations (last_day);
CREATE INDEX waiting_conversation ON waiting (conversation);
CREATE INDEX replies_conversation ON replies (conversation);
CREATE INDEX kept_ends ON kept (ends);
CREATE INDEX kept_conversation ON kept (conversation) WHERE conversation IS NOT NULL;
CREATE TRIGGER conversations_shred AFTER DELETE ON conversations BEGIN
    UPDATE conversation_secrets SET free = 1, secret = zeroblob(64) WHERE number = OLD.number;
END;
CREATE TRIGGER conversations_gives_back AFTER DELETE ON conversations BEGIN UPDATE room SET used = used - (coalesce(length(OLD.duress), 0)) - 128 WHERE lane = OLD.lane; END;
CREATE TRIGGER waiting_gives_back AFTER DELETE ON waiting BEGIN UPDATE room SET used = used - (length(OLD.envelope)) - 128 WHERE lane = OLD.lane; END;
CREATE TRIGGER replies_gives_back AFTER DELETE ON replies BEGIN UPDATE room SET used = used - (length(OLD.envelope)) - 128 WHERE lane = OLD.lane; END;
CREATE TRIGGER kept_gives_back AFTER DELETE ON kept BEGIN UPDATE room SET used = used - (length(OLD.value)) - 128 WHERE lane = OLD.lane; END;
CREATE TRIGGER seen_gives_back AFTER DELETE ON seen BEGIN UPDATE room SET used = used - (0) - 128 WHERE lane = OLD.lane; END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('waiting',4);
COMMIT;
