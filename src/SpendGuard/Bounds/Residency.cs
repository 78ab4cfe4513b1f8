namespace SpendGuard.Bounds;

/// <summary>What it costs more to have a call served in a region.</summary>
public static class Residency
{
    /// <summary>What OpenAI, xAI and Anthropic multiply their prices by.</summary>
    public const decimal Factor = 1.1m;

    /// <summary>The factor of an API's address: the regional ones have the region before the name that is for anywhere.</summary>
    /// <param name="address">An absolute address, such as <c>https://eu.api.openai.com/v1</c>.</param>
    /// <exception cref="InvalidOperationException">The address is a relative one.</exception>
    public static decimal FactorOf(Uri address)
    {
        ArgumentNullException.ThrowIfNull(address);
        var host = address.IdnHost;
        return IsBelow(host, "api.openai.com") || IsBelow(host, "api.x.ai") ? Factor : 1;
    }

    private static bool IsBelow(string host, string name) => host.EndsWith("." + name, StringComparison.OrdinalIgnoreCase);
}
