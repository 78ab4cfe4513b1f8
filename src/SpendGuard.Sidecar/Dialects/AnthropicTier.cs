using System.Text.Json;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>What multiplies the price of a whole message: a fast speed, a region with a surcharge, a service tier. They add to each other.</summary>
internal sealed record AnthropicTier(string? Speed, string? Region, string? Service)
{
    public static AnthropicTier None { get; } = new(null, null, null);

    /// <summary>The tier as prices name it, several joined by a plus sign; null where nothing is told.</summary>
    public string? Name
    {
        get
        {
            string?[] told = [Speed is "standard" ? null : Speed, Region is "global" or "not_available" ? null : Region, Service is "standard" ? null : Service];
            var dearer = string.Join('+', told.Where(name => name is not null));
            return dearer.Length > 0 ? dearer : Service;
        }
    }

    /// <summary>The same after a report of usage; what it leaves out stays as it was.</summary>
    public AnthropicTier With(JsonElement usage) => new(
        AnthropicAnswer.Text(usage, "speed") ?? Speed,
        AnthropicAnswer.Text(usage, "inference_geo") ?? Region,
        AnthropicAnswer.Text(usage, "service_tier") ?? Service);
}
