"""Sign in and out. On a demonstration, one click signs in any member of the cast."""

from typing import cast

from django import forms
from django.conf import settings
from django.contrib.auth import login, logout
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from sujin.platform.acts.enter import sign_in, sign_out
from sujin.platform.models import Person, Post
from sujin.platform.ui.request import AnyRequest


class SignInForm(AuthenticationForm):
    """Staff number and password."""

    username = forms.CharField(label=_("工号"), max_length=32)


@method_decorator(login_not_required, name="dispatch")
class SignIn(LoginView):
    """GET shows the door, POST opens it."""

    template_name = "platform/sign_in.html"
    authentication_form = SignInForm

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        asked = cast(AnyRequest, self.request)
        sign_in(form.get_user(), way="password", at=asked.at)
        return response

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        cast_on_stage = _cast(cast(AnyRequest, self.request)) if settings.DEMO else []
        return super().get_context_data(**kwargs) | {"cast": cast_on_stage}


@login_not_required
@require_POST
def play(request: HttpRequest, staff_no: str) -> HttpResponse:
    """Sign in as a member of the cast; exists on a demonstration only."""
    if staff_no not in settings.DEMO_CAST:
        raise Http404
    person = get_object_or_404(Person, staff_no=staff_no, is_service=False, is_active=True)
    login(request, person, backend="django.contrib.auth.backends.ModelBackend")
    sign_in(person, way="demo", at=cast(AnyRequest, request).at)
    return redirect(settings.LOGIN_REDIRECT_URL)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    asked = cast(AnyRequest, request)
    if asked.person is not None:
        sign_out(asked.person, at=asked.at)
    logout(request)
    return redirect("platform:sign_in")


def _cast(request: AnyRequest) -> list[tuple[Person, list[Post]]]:
    """The cast with the posts its members hold now; two queries."""
    found = Person.objects.filter(staff_no__in=settings.DEMO_CAST).order_by("staff_no")
    people = {person.pk: person for person in found}
    posts: dict[int, list[Post]] = {key: [] for key in people}
    held = Post.objects.held_at(request.at).filter(person__in=people).select_related("org")
    for post in held.order_by("pk"):
        posts[post.person_id].append(post)
    return [(person, posts[key]) for key, person in people.items()]
