# SPDX-License-Identifier: AGPL-3.0-or-later
from django.urls import path

from safeconduct.desk.operators import keys_page, people, security_key_pages, views

app_name = "operators"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign-in"),
    path("unlock/", views.unlock, name="unlock"),
    path("lock/", views.lock, name="lock"),
    path("sign-out/", views.sign_out, name="sign-out"),
    path("awake/", views.awake, name="awake"),
    path("people/", people.people, name="people"),
    path("people/add/", people.add, name="add"),
    path("people/<int:pk>/renew/", people.renew, name="renew"),
    path("people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("people/places/<int:pk>/admit/", people.admit, name="admit"),
    path("sign-in/key/", security_key_pages.touch, name="touch"),
    path("keys/own/", security_key_pages.own, name="own-keys"),
    path("keys/own/add/", security_key_pages.add, name="own-key-add"),
    path("keys/own/<int:pk>/remove/", security_key_pages.remove, name="own-key-remove"),
    path("keys/", keys_page.keys, name="keys"),
    path("keys/rotate/", keys_page.rotate, name="rotate"),
    path("keys/rotate/on/", keys_page.rotate_on, name="rotate-on"),
]
