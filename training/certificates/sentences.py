"""The sentences of certificates: codes and ids only."""

SENTENCES = {
    "certificate_issued": "issued a certificate",
    "certificate_revoked": "revoked a certificate",
    "certificate_reissued": "issued a certificate anew on a corrected name",
}
