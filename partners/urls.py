"""Addresses of the directory: each names its view, and the view its template."""

from django.urls import path

from .views import boards, coverage, details, lists, pipeline

app_name = "partners"

urlpatterns = [
    path("", boards.home, name="home"),
    path("institutions/", lists.institution_list, name="institution-list"),
    path("institutions.<str:format_name>", lists.institution_file, name="institution-file"),
    path("institutions/<slug:slug>/", details.institution_detail, name="institution-detail"),
    path("institutions/<slug:slug>/labs/<slug:lab_slug>/", details.lab_detail, name="lab-detail"),
    path("labs/", lists.lab_list, name="lab-list"),
    path("labs.<str:format_name>", lists.lab_file, name="lab-file"),
    path("countries/", boards.country_list, name="country-list"),
    path("countries/<str:code>/", boards.country_detail, name="country-detail"),
    path("roles/", boards.role_list, name="role-list"),
    path("roles/<slug:code>/", boards.role_detail, name="role-detail"),
    path("coverage/", coverage.coverage, name="coverage"),
    path("coverage.<str:format_name>", coverage.coverage_file, name="coverage-file"),
    path("pipeline/", pipeline.pipeline, name="pipeline"),
    path("pipeline.ics", pipeline.pipeline_calendar, name="pipeline-calendar"),
    path("about/", boards.about, name="about"),
]
