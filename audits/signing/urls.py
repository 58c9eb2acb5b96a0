from django.urls import path

from audits.signing import link_views, views

urls = [
    path("returns/<uuid:pk>/sign", views.return_sign, name="return_sign"),
    path("returns/<uuid:pk>/pdf", views.return_pdf, name="return_pdf"),
    path("signatures/<uuid:pk>/letter", views.signature_letter, name="signature_letter"),
    path("sign/<str:token>", link_views.sign_by_link, name="sign_by_link"),
]
