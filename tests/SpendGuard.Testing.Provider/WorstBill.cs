using System.Text.Json.Nodes;
using SpendGuard.Testing.Provider.Counting;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.OpenAI;

namespace SpendGuard.Testing.Provider;

/// <summary>What a request costs at a provider that uses the most it may, without a call.</summary>
public static class WorstBill
{
    /// <summary>Those without which the provider takes less than it could.</summary>
    private static readonly Dictionary<string, string> Headers = new(StringComparer.OrdinalIgnoreCase) { [AdditionalTools.Header] = "true" };

    /// <summary>The charge in microcents.</summary>
    /// <param name="path">The path at the provider.</param>
    /// <param name="body">The body as the provider gets it.</param>
    /// <param name="prices">The provider's price list.</param>
    public static async Task<long> OfAsync(string path, Stream body, ProviderPriceTable prices)
    {
        ArgumentNullException.ThrowIfNull(prices);
        var json = await RequestJson.ParseAsync(body) ?? throw new ArgumentException("The body is no JSON object.", nameof(body));
        var format = WireFormats.For(path);
        var request = format.Read(new() { CallId = 0, Path = path, Caller = "", Headers = Headers, Body = json });
        var price = prices.Find(request.Model) ?? throw new ArgumentException($"{request.Model} has no price.", nameof(body));
        return price.Charge(Usage(request, format, price), AskedTiers(json));
    }

    internal static SimulatedUsage Usage(SimulatedRequest request, IWireFormat format, ProviderPrice price, IReadOnlyList<string>? newFields = null)
    {
        var rules = CountingRules.MostFor(request.Model);
        var input = format.CountInput(request.Body, rules).With(newFields ?? [], request.Body, rules);
        return DearestUsage.Of(request, input, price, format.Generates, format.CapBindsReasoning);
    }

    /// <summary>Whether the request says which tier it is to be served at; else a setting at the provider decides.</summary>
    internal static bool NamesTier(JsonObject body) => (body["service_tier"] ?? body["serviceTier"]).Text() is not (null or "auto");

    /// <summary>The tier that the request asks for, at which it is served.</summary>
    internal static IReadOnlyList<string> AskedTiers(JsonObject body) =>
        (body["service_tier"] ?? body["serviceTier"]).Text() is { } tier and not ("auto" or "default" or "standard" or "standard_only") ? [tier] : [];
}
