from boards.agenda.urls import urls as agenda
from boards.challenges.urls import urls as challenges
from boards.groups.urls import urls as groups
from boards.meetings.urls import urls as meetings

app_name = "boards"
urlpatterns = [*groups, *challenges, *meetings, *agenda]
