using SpendGuard.Testing.Provider.Counting;
using SpendGuard.Testing.Provider.Wire;

namespace SpendGuard.Testing.Provider.Calls;

/// <summary>Decides what the model generates for a request, and how many tokens that makes.</summary>
internal static class Generator
{
    private const long DefaultLength = 20;

    // A long answer is counted and billed in full, but sent short, so that tests stay quick.
    private const long LongestFiller = 2_000;
    private const long MostPieces = 100;
    private const long ReplyOverhead = 3;

    public static Generation Generate(
        SimulatedRequest request, InputCount input, ProviderPrice price, Behaviour behaviour, IWireFormat format)
    {
        if (!format.Generates)
        {
            behaviour = behaviour with { OutputTokens = 0, ReasoningTokens = 0, GenerateToTheCap = false, Reply = null };
        }

        var reply = behaviour.Reply?.Invoke(request);
        behaviour = behaviour with { ReasoningTokens = behaviour.ReasoningTokens + TokenCounter.Count(reply?.Thoughts) };
        var beyondCap = format.CapBindsReasoning ? 0 : behaviour.ReasoningTokens;
        var allowed = request.MaxOutputTokens + beyondCap;
        var wanted = behaviour.GenerateToTheCap ? allowed ?? price.MaxOutputTokens : Wanted(behaviour, reply);
        var cap = behaviour.IgnoreCap || behaviour.FixedUsage is not null ? long.MaxValue : allowed ?? long.MaxValue;
        var each = Math.Min(wanted, cap);
        var reasoning = Math.Min(behaviour.ReasoningTokens, each);
        var truncated = wanted > cap || (behaviour.GenerateToTheCap && behaviour.FixedUsage is null);
        var usage = behaviour.FixedUsage ?? Count(input, Cached(request, input, behaviour), each * request.Choices, reasoning * request.Choices) with
        {
            Images = price.Image is null ? 0 : request.Choices,
        };
        return new(request, behaviour.ServedModel ?? request.Model, price)
        {
            Thoughts = truncated ? null : reply?.Thoughts,
            TextPieces = Pieces(reply, each - reasoning, truncated),
            ToolCalls = truncated ? [] : reply?.ToolCalls ?? [],
            Truncated = truncated,
            Tiers = behaviour.ServedTiers,
            Quirks = behaviour.Quirks,
            UsagePlace = behaviour.UsagePlace,
            FixedCharge = behaviour.FixedCharge,
            Usage = usage,
            ReportedCount = behaviour.ReportedCount,
            Reported = behaviour.OmitUsage ? null : behaviour.ZeroUsage ? new() : behaviour.ReportedUsage ?? usage,
        };
    }

    private static long Wanted(Behaviour behaviour, SimulatedReply? reply) =>
        behaviour.OutputTokens ?? behaviour.ReasoningTokens + (reply is null ? DefaultLength : Length(reply));

    private static long Length(SimulatedReply reply) =>
        TokenCounter.Count(reply.Text) + ReplyOverhead
        + reply.ToolCalls.Sum(call => TokenCounter.Count(call.Name) + TokenCounter.Count(call.ArgumentsJson) + ReplyOverhead);

    private static Behaviour Cached(SimulatedRequest request, InputCount input, Behaviour behaviour) =>
        behaviour.CachedShare > 0 && request.Conversation.AsksToCache
            ? behaviour with { CachedInputTokens = behaviour.CachedInputTokens + (long)(input.Tokens * behaviour.CachedShare) }
            : behaviour;

    private static SimulatedUsage Count(InputCount input, Behaviour behaviour, long output, long reasoning)
    {
        var cached = Math.Min(behaviour.CachedInputTokens, input.Tokens);
        var left = input.Tokens - cached;
        var oneHour = Math.Min(behaviour.CacheWriteOneHourTokens ?? input.CacheWriteOneHour, left);
        var write = Math.Min(behaviour.CacheWriteTokens ?? input.CacheWrite, left - oneHour);
        return new(input.Tokens, output)
        {
            CachedInputTokens = cached,
            CacheWriteTokens = write,
            CacheWriteOneHourTokens = oneHour,
            ReasoningTokens = reasoning,
        };
    }

    private static List<string> Pieces(SimulatedReply? reply, long visible, bool truncated)
    {
        if (reply is not null)
        {
            var text = reply.Text ?? "";
            return Words(truncated ? TokenCounter.Truncate(text, visible) : text);
        }

        var shown = visible > LongestFiller ? DefaultLength : visible;
        var size = Math.Max(1, (shown + MostPieces - 1) / MostPieces);
        var pieces = new List<string>();
        for (var left = shown; left > 0; left -= size)
        {
            pieces.Add(string.Concat(Enumerable.Repeat(" ok", (int)Math.Min(size, left))));
        }

        return pieces;
    }

    private static List<string> Words(string text)
    {
        var pieces = new List<string>();
        var start = 0;
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == ' ')
            {
                pieces.Add(text[start..i]);
                start = i;
            }
        }

        if (text.Length > 0)
        {
            pieces.Add(text[start..]);
        }

        return pieces;
    }
}
