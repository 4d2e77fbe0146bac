"""/fine_tuning/jobs: trainings as jobs, the page's own among them."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from playground.adapters.store import free_name
from playground.api import job_objects, model_ids
from playground.api.file_store import FileStore
from playground.api.files import page
from playground.api.job_request import JobRequest
from playground.app import Playground
from playground.dataset import Dataset, load
from playground.errors import AdapterNameTaken, RunFinished
from playground.finetune import Run
from playground.finetune.recipe import Recipe
from playground.material import Material

Limit = Annotated[int, Query(ge=1, le=10_000)]


def router(playground: Playground, files: FileStore) -> APIRouter:
    """The routes, over `playground` and the uploaded `files`."""
    routes = APIRouter(prefix="/fine_tuning/jobs")
    runs = playground.tuning.runs

    def run_of(job: str) -> Run:
        runs.advance()  # a worker that was killed let nobody begin
        return runs.get(job_objects.run_id(job))

    def rows_of(file: str) -> Dataset:
        return load(files.get(file).filename, files.content(file))

    @routes.post("", response_model=None)
    def create(body: JobRequest) -> dict[str, Any]:
        body.check()
        start_from = model_ids.adapter_of(body.model, playground)
        recipe = Recipe(
            body.adapter_name,
            rows=body.training_file,
            validation=body.validation_file or "",
            held_out_questions=0,
            general_questions=0,
            start_from=start_from.name if start_from else "",
            config=body.config,
        )
        validation = rows_of(body.validation_file) if body.validation_file else None
        run = _start(playground, recipe, Material(rows_of(body.training_file), validation))
        job_objects.remember(run, body)
        return job_objects.job(run)

    @routes.get("", response_model=None)
    def listed(limit: Limit = 20, after: str | None = None) -> dict[str, Any]:
        return page([job_objects.job(run) for run in runs.list()], limit, after)

    @routes.get("/{id}", response_model=None)
    def retrieve(id: str) -> dict[str, Any]:
        return job_objects.job(run_of(id))

    @routes.post("/{id}/cancel", response_model=None)
    def cancel(id: str) -> dict[str, Any]:
        run = run_of(id)
        if run.is_over:
            raise RunFinished(name=run.name)
        runs.stop(run.id)
        return job_objects.job(run_of(id))

    @routes.get("/{id}/events", response_model=None)
    def events(id: str, limit: Limit = 20, after: str | None = None) -> dict[str, Any]:
        return page(job_objects.events(run_of(id)), limit, after)

    @routes.get("/{id}/checkpoints", response_model=None)
    def checkpoints(id: str, limit: Limit = 10, after: str | None = None) -> dict[str, Any]:
        return page(job_objects.checkpoints(run_of(id)), limit, after)

    return routes


def _start(playground: Playground, recipe: Recipe, material: Material) -> Run:
    """Under a name like the one asked for, if that is taken."""
    try:
        return playground.tuning.start(recipe, material)
    except AdapterNameTaken:
        taken = {adapter.name for adapter in playground.adapters.list()}
        taken |= {run.name for run in playground.tuning.runs.list()}
        free = free_name(recipe.name, taken)
        return playground.tuning.start(replace(recipe, name=free), material)
