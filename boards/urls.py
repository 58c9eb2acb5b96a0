from boards.attending.urls import urls as attending
from boards.challenges.urls import urls as challenges
from boards.groups.urls import urls as groups

app_name = "boards"
urlpatterns = [*groups, *challenges, *attending]
