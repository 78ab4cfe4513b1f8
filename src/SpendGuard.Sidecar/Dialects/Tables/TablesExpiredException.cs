namespace SpendGuard.Sidecar.Dialects.Tables;

/// <summary>The request tables have expired: what may be in a request is not known any more.</summary>
internal sealed class TablesExpiredException(string source, DateTimeOffset expiredAt) : Exception(
    $"The request tables from {source} have expired, at {expiredAt:u}, and no newer ones have come. Nothing was sent to a provider. "
    + "Publish a current document, or leave out SPENDGUARD_REQUEST_TABLES_URL to go by the tables that ship with SpendGuard.");
