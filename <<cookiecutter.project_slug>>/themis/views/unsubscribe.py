"""The unsubscribe link of emails. Mail programs post to it, too: RFC 8058."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from themis.digests import unsubscribing


@csrf_exempt  # the token in the URL is the proof, and mail programs have no cookie
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: HttpRequest, token: str) -> HttpResponse:
    """Ask whether to unsubscribe. A POST unsubscribes.

    Programs that scan links in emails open them with GET, which must change nothing.
    """
    user = unsubscribing.user_of(token)
    if user is None:
        raise Http404
    if is_done := request.method == "POST":
        unsubscribing.unsubscribe(user)
    return render(request, "themis/unsubscribe.html", {"is_done": is_done})
