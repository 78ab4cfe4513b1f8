namespace SpendGuard.Sidecar.Providers;

/// <summary>What it costs more to have a call served in a region.</summary>
internal static class Residency
{
    /// <summary>What OpenAI, xAI and Anthropic multiply their prices by.</summary>
    public const decimal Factor = 1.1m;

    /// <summary>The factor of an API's address: the regional ones have the region before the name that is for anywhere.</summary>
    public static decimal FactorOf(string baseAddress)
    {
        var host = new Uri(baseAddress).IdnHost;
        return IsBelow(host, "api.openai.com") || IsBelow(host, "api.x.ai") ? Factor : 1;
    }

    private static bool IsBelow(string host, string name) => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
