using System.Collections.Immutable;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Dialects;

/// <summary>The tools of a request that the provider runs, and how often at most.</summary>
/// <param name="Calls">The most calls by what they are billed as.</param>
/// <param name="Name">The tools' names for a sentence; null for none.</param>
internal sealed record HostedTools(ImmutableDictionary<UsageCategory, long> Calls, string? Name)
{
    /// <summary>Far more than anyone lets a model search for one answer, and little enough for the cost to be in range.</summary>
    public const int MostCalls = 1_000;

    public static HostedTools None { get; } = new(ImmutableDictionary<UsageCategory, long>.Empty, Name: null);

    /// <summary>How often the model is run at most: once, and once more on the result of each call.</summary>
    private int Runs => Name is null ? 1 : 1 + (int)Math.Min(Calls.Values.Max(), MostCalls);

    public HostedTools With(UsageCategory category, long calls, string name) => new(
        Calls.SetItem(category, Math.Min(Calls.GetValueOrDefault(category) + calls, MostCalls)),
        Name is null || Name.Contains(name, StringComparison.Ordinal) ? Name ?? name : $"{Name} and {name}");

    /// <summary>The shape of a call with these tools: what they bring in cannot be seen, so each run may take in all that the model does.</summary>
    public CallShape In(CallShape shape) => Name is null
        ? shape
        : shape with { Runs = Runs, FeeUnits = Calls, UnseenInput = shape.UnseenInput ?? Name };

    /// <summary>Refuses a tool without a limit on its calls.</summary>
    public static BadRequestException Unlimited(string tool, string limit) => new(
        $"Tool '{tool}' is refused: how often the provider runs it has no bound. Set '{limit}' to at most {MostCalls}.");
}
