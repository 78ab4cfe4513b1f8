namespace SpendGuard.Extensions.AI;

/// <summary>Tells the hosts that give out credentials from those of models.</summary>
internal static class IdentityHost
{
    private static readonly string[] FirstLabels = ["login", "sts", "oauth2", "iam", "iamcredentials", "sso", "oidc", "auth", "accounts", "identity"];

    /// <summary>Whether a host's name begins as those do: for a model's it would be a rare one.</summary>
    public static bool Is(string host) => host.Split('.') is [var first, _, ..] && FirstLabels.Contains(first, StringComparer.OrdinalIgnoreCase);
}
