"""Addresses of the platform's own pages."""

from django.urls import path

from sujin.platform.pages import absences, door, journal, notices, people

app_name = "platform"
urlpatterns = [
    path("sign-in", door.SignIn.as_view(), name="sign_in"),
    path("sign-in/<str:staff_no>", door.play, name="play"),
    path("sign-out", door.leave, name="sign_out"),
    path("absences", absences.absences, name="absences"),
    path("absences/<int:pk>/return", absences.returned, name="returned"),
    path("notices", notices.notices, name="notices"),
    path("notices/read", notices.all_read, name="all_read"),
    path("notices/<int:pk>", notices.notice, name="notice"),
    path("people", people.people, name="people"),
    path("people/appointments", people.appointment, name="appointment"),
    path("people/posts/<int:pk>/end", people.dismissal, name="dismissal"),
    path("journal", journal.journal, name="journal"),
]
