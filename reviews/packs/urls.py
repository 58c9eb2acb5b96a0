from django.urls import path

from reviews.packs import views

urlpatterns = [path("<uuid:pk>/pack", views.make_pack, name="make_pack")]
