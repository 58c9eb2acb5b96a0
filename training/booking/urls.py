from django.urls import path

from training.booking import link_views, list_views, views

urls = [
    path("events/<uuid:pk>/book", views.book, name="book"),
    path("events/<uuid:pk>/book-people", views.book_people, name="book_people"),
    path("events/<uuid:pk>/bookings", list_views.event_bookings, name="event_bookings"),
    path("mine", views.mine, name="mine"),
    path("bookings", list_views.agency_bookings, name="agency_bookings"),
    path("bookings/<uuid:pk>", views.booking, name="booking"),
    path("approve/<str:token>", link_views.approve_by_link, name="approve_by_link"),
    path("place/<str:token>", link_views.place_by_link, name="place_by_link"),
]
