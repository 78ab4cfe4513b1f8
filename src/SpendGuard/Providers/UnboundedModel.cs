using System.Diagnostics.CodeAnalysis;

namespace SpendGuard.Providers;

/// <summary>Why no call of a model has a bound on its cost, whatever is asked of it.</summary>
/// <param name="Feature">The name of what it does, under which it can be allowed.</param>
/// <param name="Reason">Why it has no bound, as a whole sentence.</param>
[Experimental(ApiTier.Adapters)]
public sealed record UnboundedModel(string Feature, string Reason)
{
    /// <summary>The way out, as a whole sentence.</summary>
    internal const string Remedy = "Call a model that answers in one run.";

    /// <summary>What names of models say, whoever makes them.</summary>
    internal static UnboundedModel? ByName(string model) =>
        Has(model, "multi-agent") ? SeveralAgents(model)
        : Has(model, "deep-research") ? new("DeepResearch", $"{model} searches and reads by itself for as long as it likes, and each step adds input and fees.")
        : Has(model, "-search-") || model.EndsWith("-search", StringComparison.OrdinalIgnoreCase) || model.EndsWith(":online", StringComparison.OrdinalIgnoreCase)
            ? new("WebSearch", $"{model} searches the web by itself, and each search adds input and fees.")
        : null;

    internal static UnboundedModel SeveralAgents(string model) =>
        new("MultiAgent", $"{model} runs several agents by itself, and what they say to each other is billed as input and output of the call.");

    private static bool Has(string model, string part) => model.Contains(part, StringComparison.OrdinalIgnoreCase);
}
