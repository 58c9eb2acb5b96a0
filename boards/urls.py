from boards.challenges.urls import urls as challenges
from boards.groups.urls import urls as groups
from boards.importing.urls import urls as importing
from boards.matrix.urls import urls as matrix

app_name = "boards"
urlpatterns = [*groups, *challenges, *matrix, *importing]
