"""Addresses of the tracking page; the code is never in one."""

from django.urls import path

from sujin.channels.tracking import pages

app_name = "tracking"
urlpatterns = [
    path("", pages.find, name="find"),
    path("<str:number>", pages.case, name="case"),
    path("<str:number>/material", pages.material, name="material"),
    path("<str:number>/urging", pages.urging, name="urging"),
    path("<str:number>/verdict", pages.verdict, name="verdict"),
    path("<str:number>/review", pages.review, name="review"),
]
