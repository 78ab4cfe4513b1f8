using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Alerts;

/// <summary>Which alerts are replayed: those that fit all that is said.</summary>
[Experimental(ApiTier.Stores)]
public sealed record AlertSelection
{
    /// <summary>The one with this id; null for any.</summary>
    public string? Id { get; init; }

    /// <summary>Those raised at this time or later, by <see cref="Alert.At"/>; null for any.</summary>
    public DateTimeOffset? Since { get; init; }
}
