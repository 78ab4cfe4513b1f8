using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Billing;

/// <summary>What one answer says of its cost. <see cref="ReservedCall.EndAsync"/> turns it into the end of a hold.</summary>
/// <remarks>
/// What an answer does not say is null. A report that is neither unbilled nor tells a usage leaves the cost unknown: the hold is forfeited.
/// </remarks>
[Experimental(ApiTier.Adapters)]
public sealed record ProviderReport
{
    /// <summary>What the provider counted. All zero without a stated cost is taken for unknown.</summary>
    public Usage? Usage { get; init; }

    /// <summary>
    /// Why the usage, or the stated cost, may be less than all; null where it is all. The call is forfeited then: at the greater of the hold
    /// and what is known.
    /// </summary>
    public string? Incomplete { get; init; }

    /// <summary>The model that served the call, by the provider's name for it.</summary>
    public string? Model { get; init; }

    /// <summary>The service tier that the call was served at, by the provider's name for it.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>
    /// What the provider charges by its own word, in place of usage × prices; zero is taken for not stated. Only of providers that document
    /// that they bill what they state.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public Money? StatedCost
    {
        get;
        init => field = value is null || value >= Money.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A cost is not negative.");
    }

    /// <summary>
    /// What the provider says that it charges, where nothing says that it bills just that: at least this is charged, and more where
    /// usage × prices come to more.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The cost is negative.</exception>
    public Money? LeastCost
    {
        get;
        init => field = value is null || value >= Money.Zero ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "A cost is not negative.");
    }

    /// <summary>
    /// Whether the call is known to cost nothing: it was never sent, or refused before a model ran. A usage or a stated cost beside it is
    /// charged all the same.
    /// </summary>
    public bool Unbilled { get; init; }

    /// <summary>
    /// Whether the provider has said that it is overloaded and ran no model. Such a call is known to cost nothing, unless the engine is set
    /// to forfeit it.
    /// </summary>
    public bool Overloaded { get; init; }

    /// <summary>Why the cost is unknown, for the log; null where the answer itself tells it or not.</summary>
    public string? Reason { get; init; }

    /// <summary>A call that is known to cost nothing.</summary>
    public static ProviderReport NotBilled { get; } = new() { Unbilled = true };

    /// <summary>A call that the provider turned away because it was overloaded.</summary>
    public static ProviderReport OfOverload { get; } = new() { Overloaded = true, Reason = "the provider was overloaded" };

    /// <summary>A call whose cost nobody told.</summary>
    /// <param name="reason">Why not, for the log.</param>
    public static ProviderReport Unknown(string reason) => new() { Reason = reason };

    /// <summary>A call that no readable answer came of.</summary>
    /// <param name="exception">What came in its place; null when nothing did.</param>
    /// <param name="reason">What happened, for the log.</param>
    public static ProviderReport Failed(Exception? exception, string reason) => UnbilledCall.NeverSent(exception) ? NotBilled : Unknown(reason);
}
