using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using SpendGuard.Pricing;

namespace SpendGuard.Bounds;

/// <summary>What is known of a call before it is made, as far as it moves the cost.</summary>
[Experimental(ApiTier.Adapters)]
public sealed record CallShape
{
    /// <summary>The most input tokens that the provider can count for the call.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The bound is negative.</exception>
    public required long InputBound
    {
        get;
        init => field = value >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An input bound is not negative.");
    }

    /// <summary>What <see cref="InputBound"/> was made of, to count it more closely where it does not fit the budget; null for a bound that cannot be bettered.</summary>
    public InputBound? Input { get; init; }

    /// <summary>The output cap that the caller asked for, in tokens; null when none was, 0 for a call without output such as an embedding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The cap is negative.</exception>
    public long? OutputTokens
    {
        get;
        init => field = value is null or >= 0 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "An output cap is not negative.");
    }

    /// <summary>The least output, in tokens, that the provider takes for a cap; null when it takes any. A call is not reserved with less.</summary>
    public long? LeastOutputTokens { get; init; }

    /// <summary>Whether the model reasons before it answers, within the output cap; null for as it does by itself.</summary>
    public bool? Reasons { get; init; }

    /// <summary>
    /// Why the provider is not known to keep the output cap that it is sent, and what to set where it does, as whole sentences; null where it is
    /// known to keep it. With it, the call holds the most that the model gives, and its refusal says so.
    /// </summary>
    public string? UnkeptCap { get; init; }

    /// <summary>Whether the input is several inputs, as for embeddings: the model's maximum is one of each, and does not bound their sum.</summary>
    public bool SeparateInputs { get; init; }

    /// <summary>How many answers are asked for (<c>n</c>, <c>candidateCount</c>); each may use the whole output cap.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below one.</exception>
    public int Choices
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "At least one answer is asked for.");
    } = 1;

    /// <summary>
    /// How often the model is run in the call at most, each time on up to the whole input bound and with the whole output cap: once, and once
    /// more for each call of a tool that the provider runs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number is below one.</exception>
    public int Runs
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "The model is run at least once.");
    } = 1;

    /// <summary>
    /// The calls of tools that the provider runs, whose number goes by what the budget pays for; null for none. They come on top of
    /// <see cref="Runs"/> and <see cref="FeeUnits"/>.
    /// </summary>
    public HostedCalls? HostedCalls { get; init; }

    /// <summary>
    /// The input, in tokens, that the call has the model take in where that is more than it takes otherwise; null for no more. A call to a model
    /// whose rate card knows no such input is refused.
    /// </summary>
    public long? OpenedInputTokens { get; init; }

    /// <summary>
    /// The name of what adds input that cannot be seen, such as a stored file; null for none. With it, the input bound is the most that the
    /// model takes.
    /// </summary>
    public string? UnseenInput { get; init; }

    /// <summary>What every token rate is multiplied by because of where the call has to be served; 1 for anywhere.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is below one.</exception>
    public decimal ResidencyFactor
    {
        get;
        init => field = value >= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "Residency does not make a call cheaper.");
    } = 1;

    /// <summary>The service tier that is asked for; null for the standard one.</summary>
    public string? ServiceTier { get; init; }

    /// <summary>Whether the call may write to a long-lived cache.</summary>
    public bool LongCacheWrites { get; init; }

    /// <summary>Whether the call may take audio in.</summary>
    public bool AudioInput { get; init; }

    /// <summary>Whether the call may give audio out.</summary>
    public bool AudioOutput { get; init; }

    /// <summary>What is let through without a cost bound, by name: the call can cost more than its worst case.</summary>
    public ImmutableArray<string> UnboundedFeatures { get; init; } = [];

    /// <summary>Whether the call may go to a model that does by itself what has no bound, such as to search the web.</summary>
    public bool UnboundedModelAllowed { get; init; }

    /// <summary>The most that the call can take of what is billed by a fee, such as calls of hosted tools or images, by category.</summary>
    public ImmutableDictionary<UsageCategory, long> FeeUnits { get; init; } = ImmutableDictionary<UsageCategory, long>.Empty;
}
