from django.urls import path

from partnership.access.page import public
from training.certificates import views

CODE = "whoever holds a certificate's code checks it; a wrong code tells nothing, and tries are counted"
check = public(views.check, why=CODE)

urls = [
    path("certificates", views.certificates, name="certificates"),
    path("certificates/<uuid:pk>", views.certificate, name="certificate"),
    path("certificates/<uuid:pk>/file", views.certificate_file, name="certificate_file"),
    path("certificates/<str:code>", check, name="check"),
    path("check", check, name="check_typed"),
]
