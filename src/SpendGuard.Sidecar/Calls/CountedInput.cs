using System.Net.Http.Headers;
using System.Text.Json;
using SpendGuard.Bounds;
using SpendGuard.Pricing;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;

namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// Holds calls. One whose conservative input bound does not fit its budget is held by what the provider counts, where it counts free of
/// charge and that may help.
/// </summary>
internal sealed class CountedInput(
    Prices prices, ProviderClient client, TimeProvider time, ILogger<CountedInput> logger)
{
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="InsufficientBudgetException">The call does not fit, and there was no use in a count.</exception>
    /// <exception cref="CountedRefusalException">The call does not fit, whatever the provider counted.</exception>
    public async ValueTask<ReservedCall> ReserveAsync(HttpContext context, ProviderRoute route, DialectRequest request, DialectCall read, ModelCall call)
    {
        try
        {
            return await Admission.Of(context).Engine.ReserveAsync(call, context.RequestAborted);
        }
        catch (InsufficientBudgetException refusal)
        {
            if (QuestionOf(route, request, read, refusal) is not { } question)
            {
                throw;
            }

            return await ReserveCountedAsync(context, route, question, read, call, refusal);
        }
    }

    /// <summary>What to ask, if the fewest tokens that are plausible would fit with their margin.</summary>
    private InputQuestion? QuestionOf(ProviderRoute route, DialectRequest request, DialectCall read, InsufficientBudgetException refusal)
    {
        // A count is of one run of the model, on what it was asked about.
        if (read.Shape is { Runs: > 1 } or { UnseenInput: not null } || route.Dialect.InputCount?.Ask(request) is not { } question)
        {
            return null;
        }

        var shape = read.Shape with { InputBound = CountMargin.Over(read.LeastInput, question.HasTools) };
        var now = time.GetUtcNow();
        return shape.InputBound < read.Shape.InputBound
            && WorstCase.Of(shape, prices.Current.Find(read.Model, now, now)).At(shape.LeastOutputTokens ?? 1) <= refusal.Budget!.Remaining
            ? question
            : null;
    }

    private async ValueTask<ReservedCall> ReserveCountedAsync(
        HttpContext context, ProviderRoute route, InputQuestion question, DialectCall read, ModelCall call, InsufficientBudgetException refusal)
    {
        var provider = route.Provider.Name;
        if (await CountAsync(context, route, question) is not { } count || count < Math.Max(1, read.LeastInput))
        {
            throw new CountedRefusalException(refusal, $"{provider} was asked to count the input, and gave no count to go by.");
        }

        var conservative = read.Shape.InputBound;
        if (count > conservative)
        {
            throw new CountedRefusalException(
                refusal, $"{provider} was asked to count the input: {count} tokens, where at most {conservative} were expected.");
        }

        var bound = Math.Min(CountMargin.Over(count, question.HasTools), conservative);
        Log.Counted(logger, provider, count, conservative, bound);
        try
        {
            return await Admission.Of(context).Engine.ReserveAsync(call with { Shape = read.Shape with { InputBound = bound } }, context.RequestAborted);
        }
        catch (InsufficientBudgetException again)
        {
            throw new CountedRefusalException(again, $"{provider} was asked to count the input: {count} tokens, for which {bound} would be held.");
        }
    }

    /// <summary>The provider's count; null when none came in time.</summary>
    private async Task<long?> CountAsync(HttpContext context, ProviderRoute route, InputQuestion question)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, context.RequestAborted);
        try
        {
            using var request = Request(context, route, question);
            using var response = await client.Invoker.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                Log.NotCounted(logger, null, route.Provider.Name, $"it answered {(int)response.StatusCode}");
                return null;
            }

            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var answer = new byte[LargestAnswer];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, either.Token);
            using var document = JsonDocument.Parse(answer.AsMemory(0, length));
            return route.Dialect.InputCount!.Read(document.RootElement);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested
            && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            Log.NotCounted(logger, exception, route.Provider.Name, exception.Message);
            return null;
        }
    }

    private static HttpRequestMessage Request(HttpContext context, ProviderRoute route, InputQuestion question)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(route.Provider.BaseAddress + question.Path))
        {
            Content = new ReadOnlyMemoryContent(question.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        foreach (var name in route.Dialect.InputCount!.Headers)
        {
            if (context.Request.Headers[name] is { Count: > 0 } values)
            {
                request.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
            }
        }

        route.Provider.Authorize(request);
        return request;
    }
}
