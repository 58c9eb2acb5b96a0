"""The local authorities of England by name, for registers that give no code: names and the codes of the Department for
Education, as the national schools register uses them. A name is compared folded, with what lists write around it.
"""

from functools import cache

from partnership.people.finding import fold

# After "=": further names by which registers know it.
NAMES = """
201 City of London
202 Camden
203 Greenwich = Royal Borough of Greenwich
204 Hackney
205 Hammersmith and Fulham
206 Islington
207 Kensington and Chelsea
208 Lambeth
209 Lewisham
210 Southwark
211 Tower Hamlets
212 Wandsworth
213 Westminster = City of Westminster
301 Barking and Dagenham
302 Barnet
303 Bexley
304 Brent
305 Bromley
306 Croydon
307 Ealing
308 Enfield
309 Haringey
310 Harrow
311 Havering
312 Hillingdon
313 Hounslow
314 Kingston upon Thames
315 Merton
316 Newham
317 Redbridge
318 Richmond upon Thames
319 Sutton
320 Waltham Forest
330 Birmingham
331 Coventry
332 Dudley
333 Sandwell
334 Solihull
335 Walsall
336 Wolverhampton = City of Wolverhampton
340 Knowsley
341 Liverpool
342 St. Helens
343 Sefton
344 Wirral
350 Bolton
351 Bury
352 Manchester
353 Oldham
354 Rochdale
355 Salford
356 Stockport
357 Tameside
358 Trafford
359 Wigan
370 Barnsley
371 Doncaster
372 Rotherham
373 Sheffield
380 Bradford
381 Calderdale
382 Kirklees
383 Leeds
384 Wakefield
390 Gateshead
391 Newcastle upon Tyne
392 North Tyneside
393 South Tyneside
394 Sunderland
420 Isles of Scilly
800 Bath and North East Somerset
801 Bristol = Bristol, City of = City of Bristol
802 North Somerset
803 South Gloucestershire
805 Hartlepool
806 Middlesbrough
807 Redcar and Cleveland
808 Stockton-on-Tees
810 Kingston upon Hull = Kingston upon Hull, City of = Hull = City of Kingston upon Hull
811 East Riding of Yorkshire
812 North East Lincolnshire
813 North Lincolnshire
815 North Yorkshire
816 York
821 Luton
822 Bedford
823 Central Bedfordshire
825 Buckinghamshire
826 Milton Keynes
830 Derbyshire
831 Derby
838 Dorset
839 Bournemouth, Christchurch and Poole = Bournemouth Christchurch Poole
840 Durham = County Durham
841 Darlington
845 East Sussex
846 Brighton and Hove
850 Hampshire
851 Portsmouth
852 Southampton
855 Leicestershire
856 Leicester
857 Rutland
860 Staffordshire
861 Stoke-on-Trent = City of Stoke-on-Trent
865 Wiltshire
866 Swindon
867 Bracknell Forest
868 Windsor and Maidenhead
869 West Berkshire
870 Reading
871 Slough
872 Wokingham
873 Cambridgeshire
874 Peterborough
876 Halton
877 Warrington
878 Devon
879 Plymouth
880 Torbay
881 Essex
882 Southend-on-Sea
883 Thurrock
884 Herefordshire = Herefordshire, County of
885 Worcestershire
886 Kent
887 Medway = Medway Towns
888 Lancashire
889 Blackburn with Darwen
890 Blackpool
891 Nottinghamshire
892 Nottingham
893 Shropshire
894 Telford and Wrekin = Telford & Wrekin
895 Cheshire East
896 Cheshire West and Chester
908 Cornwall
916 Gloucestershire
919 Hertfordshire
921 Isle of Wight
925 Lincolnshire
926 Norfolk
929 Northumberland
931 Oxfordshire
933 Somerset
935 Suffolk
936 Surrey
937 Warwickshire
938 West Sussex
940 North Northamptonshire
941 West Northamptonshire
942 Cumberland
943 Westmorland and Furness
"""
AROUND = (" metropolitan borough council", " county council", " city council", " borough council", " council")


@cache
def _codes():
    codes = {}
    for line in NAMES.strip().splitlines():
        code, names = line.split(" ", 1)
        codes |= {fold(name): code for name in names.split(" = ")}
    return codes


def code_of(name: str) -> str:
    """The three figures of the authority so called, also where they are given themselves; "" where none is."""
    folded = fold(name)
    if folded in _codes().values():
        return folded
    for end in AROUND:
        folded = folded.removesuffix(end)
    return _codes().get(folded.removeprefix("london borough of "), "")


@cache
def _names():
    lines = (line.split(" ", 1) for line in NAMES.strip().splitlines())
    return {code: names.split(" = ")[0] for code, names in lines}


def name_of(code: str) -> str:
    """'Staffordshire (860)', or 'local authority 999' where no name is known."""
    return f"{_names()[code]} ({code})" if code in _names() else f"local authority {code}"


def no_authority(said: str) -> str:
    """What is wrong with a cell that names no local authority."""
    said = said.strip()
    return f"‘{said[:40]}’ is no local authority of England." if said else "The row names no local authority."
