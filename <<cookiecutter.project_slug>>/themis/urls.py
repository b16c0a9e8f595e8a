from django.urls import URLPattern

app_name = "themis"
urlpatterns: list[URLPattern] = []
