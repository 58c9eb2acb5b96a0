// First thing in the body: the stylesheets hide nothing unless this has said that scripts run.
document.body.classList.add("js-enabled", "govuk-frontend-supported");
