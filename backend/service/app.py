"""The ASGI application: routes, gate, errors. No CORS and no documentation pages on purpose."""

from fastapi import FastAPI

from backend import __version__
from backend.service.errors import HANDLERS
from backend.service.metrics import metrics
from backend.service.routes import guarded, open_to_all
from backend.service.security import Gate
from backend.service.service import Service
from backend.service.tus import uploads


def create_app(service: Service) -> FastAPI:
    """Make the application over `service`, which the caller closes.

    Example:
        with closing(Service(Settings(token=token, hosts={"127.0.0.1:8765"}))) as service:
            uvicorn.run(create_app(service), port=8765)
    """
    app = FastAPI(
        title="GLUE-Link",
        version=__version__,
        summary="Ask satellite radar in plain words and get a map.",
        openapi_url="/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        generate_unique_id_function=lambda route: route.name,
        exception_handlers=HANDLERS,
    )
    app.state.service = service
    app.include_router(open_to_all)
    app.include_router(guarded)
    app.include_router(uploads)
    app.include_router(metrics)
    app.add_middleware(Gate, settings=service.settings)
    return app
