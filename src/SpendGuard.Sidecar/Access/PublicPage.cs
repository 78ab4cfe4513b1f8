namespace SpendGuard.Sidecar.Access;

/// <summary>Marks a route that people reach by the sidecar's public address (<c>SPENDGUARD_PUBLIC_URL</c>); nothing else is reached by it.</summary>
internal sealed class PublicPage;
