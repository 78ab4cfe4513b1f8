using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Dialects.Fields;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>A request as a dialect sees it.</summary>
/// <param name="Provider">Who bills for it, as the price book names it.</param>
/// <param name="Body">The body; an object.</param>
/// <param name="Counters">Where token counters come from.</param>
/// <param name="Policy">What is refused that is not known.</param>
internal sealed record DialectRequest(string Provider, JsonElement Body, TokenCounters Counters, FieldPolicy Policy)
{
    /// <summary>The model where the route names it; null where the body does.</summary>
    public string? RouteModel { get; init; }

    /// <summary>Whether the route asks for events, where the body does not say.</summary>
    public bool RouteStreams { get; init; }
}
