using SpendGuard.Bounds;
using SpendGuard.Pricing;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>What a dialect has read from a request.</summary>
/// <param name="Model">The model that is called.</param>
/// <param name="Shape">What moves the cost.</param>
/// <param name="Streams">Whether the answer comes as events.</param>
internal sealed record DialectCall(ModelKey Model, CallShape Shape, bool Streams)
{
    /// <summary>The fewest input tokens that are plausible.</summary>
    public long LeastInput { get; init; }
}
