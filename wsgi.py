"""What a web server runs: `gunicorn wsgi:app`, and `flask --app wsgi …`."""

import config
from app import create_app
from app.core import logs

logs.start(*config.log_settings())
app = create_app()
