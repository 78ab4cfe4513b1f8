using System.Text.Json;
using Microsoft.AspNetCore.Http;
using SpendGuard.Billing;
using SpendGuard.Bounds;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Dialects.Anthropic;
using SpendGuard.Sidecar.Dialects.Fields;
using SpendGuard.Sidecar.Dialects.Gemini;
using SpendGuard.Sidecar.Dialects.OpenAI;
using SpendGuard.Sidecar.Dialects.OpenAI.Chat;
using SpendGuard.Sidecar.Dialects.OpenAI.Responses;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Tests.Dialects;
using Xunit.Sdk;

namespace SpendGuard.Sidecar.Tests.Fuzz;

/// <summary>Whatever a client sends is either refused with a sentence, or held for and goes out capped and otherwise as it came.</summary>
[Trait(Traits.Category, Traits.Slow)]
public sealed class RequestFuzzTests
{
    private const int Rounds = 7_000;
    private const long Most = 5_000;

    [Fact]
    public Task Chat() => RunAsync(
        [.. RequestCorpus.Chat, .. DearRequests.Chat],
        new OpenAIChatDialect(OutputLimit.None),
        new Written(["max_tokens", "max_completion_tokens"], ["service_tier", "stream_options"], StringComparer.OrdinalIgnoreCase),
        "openai", "grok", "local");

    [Fact]
    public Task Responses() => RunAsync(
        [.. RequestCorpus.Responses, .. DearRequests.Responses],
        new OpenAIResponsesDialect(new OutputLimit(Most)),
        new Written(["max_output_tokens"], ["service_tier"], StringComparer.OrdinalIgnoreCase),
        "openai", "grok", "local");

    [Fact]
    public Task Embeddings() => RunAsync(
        RequestCorpus.Embeddings, new OpenAIEmbeddingsDialect(), new Written([], [], StringComparer.Ordinal), "openai", "local");

    [Fact]
    public Task Anthropic() => RunAsync(
        [.. RequestCorpus.Anthropic, .. DearRequests.Anthropic],
        new AnthropicMessagesDialect(),
        new Written(["max_tokens"], ["service_tier", "inference_geo"], StringComparer.OrdinalIgnoreCase),
        "anthropic");

    [Fact]
    public Task Gemini() => RunAsync(
        [.. RequestCorpus.Gemini, .. DearRequests.Gemini],
        new GeminiDialect(),
        new Written(["maxOutputTokens"], ["serviceTier"], ProtoNames.Same) { Within = "generationConfig" },
        "gemini");

    [Fact]
    public Task GeminiPrompts() => FuzzRounds.RunInParallelAsync(Rounds / 4, async mutator =>
    {
        var body = mutator.Say(mutator.Mutate(mutator.Any(RequestCorpus.GeminiPrompt)));
        await UnlessRefusedAsync(new GeminiDialect(), async () =>
        {
            using var document = await ParseAsync(body);
            var prompt = GeminiPrompt.Read(
                SampleCall.Of("gemini", new GeminiDialect(), document.RootElement) with { Policy = new FieldPolicy(Strict: mutator.OneIn(2)) });
            var call = new GeminiDialect().Read(SampleCall.Of("gemini", new GeminiDialect(), prompt.ToNative(), prompt.Model));

            Assert.Equal(prompt.MaxTokens, call.Shape.OutputTokens);
            Assert.True(call.Shape.InputBound >= 1);
        });
    });

    private static async Task RunAsync(string[] corpus, IDialect dialect, Written written, params string[] providers)
    {
        await using var budget = await FuzzedBudget.OpenAsync();
        var held = 0;
        await FuzzRounds.RunInParallelAsync(Rounds, async mutator =>
        {
            var provider = mutator.Say(mutator.Any(providers));
            var policy = new FieldPolicy(Strict: !mutator.OneIn(3));
            var body = mutator.Say(mutator.Mutate(mutator.Any(corpus)));
            await UnlessRefusedAsync(dialect, async () =>
            {
                using var document = await ParseAsync(body);
                var call = dialect.Read(SampleCall.Of(provider, dialect, document.RootElement, namedModel: "gemini-2.5-flash") with { Policy = policy });
                var reserved = await budget.ReserveAsync(call);
                Interlocked.Increment(ref held);

                // Past the hold nothing may be refused any more: it would be forfeited.
                try
                {
                    AssertCapped(dialect, call, reserved.Grant, written);
                    _ = dialect.ReadEvents(call);
                }
                catch (Exception failure)
                {
                    throw new XunitException($"After the hold: {failure.Message}", failure);
                }
                finally
                {
                    await reserved.EndAsync(ProviderReport.NotBilled);
                }
            });
        });

        await budget.AssertNothingIsHeldAsync();
        Assert.True(held > 0, "No body was taken: the fuzz does not get past the reading.");
    }

    private static void AssertCapped(IDialect dialect, Call call, CallGrant grant, Written written)
    {
        Assert.False(string.IsNullOrWhiteSpace(call.Model.Model));
        Assert.True(call.Shape.InputBound >= 0);
        Assert.True(call.Shape.Choices >= 1);

        // The parser is the sidecar's own: it refuses a name that is there twice.
        var cap = grant.OutputTokens;
        using var capped = JsonDocument.Parse(dialect.Cap(call, grant), new JsonDocumentOptions { AllowDuplicateProperties = false });
        AssertOnlyCapDiffers(call.Body, capped.RootElement, cap, call.Shape.HostedCalls is null ? written : written with { Pinned = [.. written.Pinned, .. Searches.Pinned] });
        if (call.Shape.HostedCalls is not null)
        {
            Searches.AssertOnlyTheyDiffer(call.Body, capped.RootElement, grant.HostedCalls);
        }

        var again = dialect.Read(call with { Body = capped.RootElement });
        Assert.Equal(call.Model, again.Model);
        Assert.Equal(Streams(call), Streams(again));
        Assert.Equal(
            call.Shape with
            {
                OutputTokens = written.Caps.Length == 0 ? 0 : cap,
                UnboundedFeatures = again.Shape.UnboundedFeatures,
                FeeUnits = again.Shape.FeeUnits,
                Input = again.Shape.Input,
                HostedCalls = again.Shape.HostedCalls,

                // A limit that is written into a tool is a few letters more; with a call of it, all that the model takes is held.
                InputBound = call.Shape.HostedCalls is null ? call.Shape.InputBound : again.Shape.InputBound,
            },
            again.Shape);
        Assert.Equal(call.Shape.FeeUnits.OrderBy(fee => fee.Key), again.Shape.FeeUnits.OrderBy(fee => fee.Key));

        // What is let through may be in a field that is not sent after all.
        Assert.Subset(call.Shape.UnboundedFeatures.ToHashSet(StringComparer.Ordinal), again.Shape.UnboundedFeatures.ToHashSet(StringComparer.Ordinal));
    }

    private static string? Streams(Call call) => call.Body.Find("stream")?.GetRawText();

    private static void AssertOnlyCapDiffers(JsonElement body, JsonElement capped, long cap, Written written)
    {
        if (written.Within is { } within)
        {
            AssertSame(Others(body, [within, .. written.Pinned]), Others(capped, [within, .. written.Pinned]));
            var before = Named(body, within).Where(value => value.ValueKind == JsonValueKind.Object).ToList();
            var after = Assert.Single(Named(capped, within));
            AssertSame(before.Count == 0 ? [] : Others(before[0], written.Caps), Others(after, written.Caps));
            capped = after;
        }
        else
        {
            AssertSame(Others(body, [.. written.Caps, .. written.Pinned]), Others(capped, [.. written.Caps, .. written.Pinned]));
        }

        if (written.Caps.Length > 0)
        {
            Assert.Equal(cap, Assert.Single(written.Caps.SelectMany(name => Named(capped, name))).GetInt64());
        }

        IEnumerable<string> Others(JsonElement parent, string[] but) =>
            parent.EnumerateObject().Where(field => !but.Contains(field.Name, written.Names)).Select(field => field.Name + ":" + field.Value.GetRawText());

        IEnumerable<JsonElement> Named(JsonElement parent, string name) =>
            parent.EnumerateObject().Where(field => written.Names.Equals(field.Name, name)).Select(field => field.Value);

        static void AssertSame(IEnumerable<string> expected, IEnumerable<string> actual) => Assert.Equal(expected, actual);
    }

    private static async Task UnlessRefusedAsync(IDialect dialect, Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (Exception exception) when (Refusal.Of(exception) is { Status: >= 400 and < 500 } refusal)
        {
            // The sentence may quote what was sent; it has to go into JSON all the same.
            using var _ = JsonDocument.Parse(dialect.Refuse(refusal));
        }
    }

    private static Task<JsonDocument> ParseAsync(byte[] body)
    {
        var context = new DefaultHttpContext();
        context.Request.ContentType = "application/json";
        context.Request.Body = new MemoryStream(body);
        return RequestBody.ReadAsync(context, maxBytes: 1 << 20);
    }

    /// <summary>What a dialect writes into a body.</summary>
    /// <param name="Caps">The names of the output cap.</param>
    /// <param name="Pinned">The names of other fields that it sets.</param>
    /// <param name="Names">Which spellings the provider takes for the same.</param>
    private sealed record Written(string[] Caps, string[] Pinned, IEqualityComparer<string> Names)
    {
        /// <summary>The object that the cap is in, where it is not at the top.</summary>
        public string? Within { get; init; }
    }
}
