from boards.agenda.urls import urls as agenda
from boards.attending.urls import urls as attending
from boards.calling.urls import urls as calling
from boards.challenges.urls import urls as challenges
from boards.groups.urls import urls as groups
from boards.importing.urls import urls as importing
from boards.matrix.urls import urls as matrix
from boards.meetings.urls import urls as meetings
from boards.minutes.urls import urls as minutes

app_name = "boards"
urlpatterns = [*agenda, *attending, *calling, *challenges, *groups, *importing, *matrix, *meetings, *minutes]
