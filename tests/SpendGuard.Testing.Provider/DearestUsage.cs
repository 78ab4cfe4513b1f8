using SpendGuard.Testing.Provider.Counting;

namespace SpendGuard.Testing.Provider;

/// <summary>The most that a provider may count for a request: the whole output cap, and every token as what is dearest.</summary>
internal static class DearestUsage
{
    public static SimulatedUsage Of(SimulatedRequest request, InputCount input, ProviderPrice price, bool generates, bool capBindsReasoning)
    {
        // Each call of a hosted tool brings in as much as the model takes, and runs it once more.
        var runs = checked(1 + request.HostedCalls);
        var tokens = request.HostedCalls == 0 ? Math.Min(input.Tokens, price.MaxInputTokens) : checked(runs * price.MaxInputTokens);
        var beyondCap = capBindsReasoning || !price.Reasons ? 0 : price.MaxOutputTokens;
        var each = generates ? Math.Min(request.MaxOutputTokens ?? price.MaxOutputTokens, price.MaxOutputTokens) + beyondCap : 0;
        var plain = new SimulatedUsage(tokens, each * request.Choices * runs)
        {
            ReasoningTokens = beyondCap * request.Choices * runs,
            Searches = request.HostedCalls,
            Images = price.Image is null ? 0 : request.Choices,
        };
        SimulatedUsage[] inputs =
        [
            plain,
            plain with { CachedInputTokens = tokens },
            plain with { CacheWriteTokens = tokens },
            .. input.CacheWriteOneHour > 0 ? [plain with { CacheWriteOneHourTokens = tokens }] : Array.Empty<SimulatedUsage>(),
        ];
        return inputs.SelectMany(usage => (SimulatedUsage[])[usage, usage with { ReasoningTokens = usage.OutputTokens }])
            .MaxBy(usage => price.Charge(usage))!;
    }
}
