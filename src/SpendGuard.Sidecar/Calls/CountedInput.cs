using System.Net.Http.Headers;
using System.Text.Json;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls.Upstream;
using SpendGuard.Sidecar.Dialects;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Calls;

/// <summary>
/// Holds calls. One whose conservative input bound does not fit its budget is held, or refused, by what the provider counts, where it counts
/// free of charge and fewer.
/// </summary>
internal sealed class CountedInput(
    ProviderClient client,
    SidecarSettings settings,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<CountedInput> logger,
    IApproval? approval = null)
{
    private const int LargestAnswer = 64 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <exception cref="InsufficientBudgetException">The call does not fit, and there was no use in a count.</exception>
    /// <exception cref="CountedRefusalException">The call does not fit, whatever the provider counted.</exception>
    /// <exception cref="BudgetLockedException">The call has waited as long as it may, and none that holds the budget has ended.</exception>
    /// <exception cref="OperationCanceledException">The client has gone.</exception>
    public async ValueTask<ReservedCall> ReserveAsync(HttpContext context, Call call)
    {
        var wishes = CallerWishes.Of(context.Request.Headers, call.Caller);
        var since = time.GetTimestamp();
        var mayCount = MayCount(call);
        try
        {
            return await HoldAsync(context, call, wishes, isTentative: mayCount);
        }
        catch (InsufficientBudgetException refusal) when (mayCount)
        {
            // It may have waited before the budget was spent.
            var waited = time.GetElapsedTime(since);
            var again = wishes with { Wait = Rest((wishes.Wait ?? settings.LockedWait) - waited), ApprovalWait = Rest(wishes.ApprovalWait - waited) };
            return QuestionOf(context, call, refusal, again) is { } question
                ? await ReserveCountedAsync(context, call, question, again)
                : await HoldAsync(context, call, again, isTentative: false);
        }
    }

    private static TimeSpan Rest(TimeSpan rest) => rest > TimeSpan.Zero ? rest : TimeSpan.Zero;

    /// <summary>Holds it, and waits for that only as long as there is somebody to answer.</summary>
    private async ValueTask<ReservedCall> HoldAsync(HttpContext context, Call call, CallerWishes wishes, bool isTentative)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        try
        {
            return await Admission.Of(context).Engine.ReserveAsync(Asked(call, wishes) with { IsTentative = isTentative }, over.Token);
        }
        catch (OperationCanceledException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new StoppingException();
        }
    }

    /// <summary>Holds it by the closest bound that there is; a refusal tells what came of the count.</summary>
    private async ValueTask<ReservedCall> HoldAsync(HttpContext context, Call call, CallerWishes wishes, string told)
    {
        try
        {
            return await HoldAsync(context, call, wishes, isTentative: false);
        }
        catch (InsufficientBudgetException refusal)
        {
            throw new CountedRefusalException(refusal, told);
        }
    }

    /// <summary>Whether a refusal may lead to a count. A count is of one run of the model, on what it was asked about.</summary>
    private static bool MayCount(Call call) =>
        !call.IsBoundByTables && call.Shape is not ({ Runs: > 1 } or { UnseenInput: not null } or { HostedCalls.Least: > 0 }) && call.Dialect.InputCount is not null;

    /// <summary>
    /// What to ask, if the fewest tokens that are plausible would fit with their margin; or would need half as much at most, as the refusal
    /// tells what to top up by.
    /// </summary>
    private InputQuestion? QuestionOf(HttpContext context, Call call, InsufficientBudgetException refusal, CallerWishes wishes)
    {
        // Nothing fits into nothing, but who is asked to raise it is told by how much.
        var left = refusal.Left;
        if (left <= Money.Zero && approval is null)
        {
            return null;
        }

        if (call.Dialect.InputCount?.Ask(call) is not { } question)
        {
            return null;
        }

        var bound = question.BoundOf(call.LeastInput);
        if (bound >= Conservative(call))
        {
            return null;
        }

        var floor = Admission.Of(context).Engine.FloorOf(Asked(Counted(call, bound), wishes));
        return floor <= left || floor + floor <= refusal.Required ? question : null;
    }

    private ModelCall Asked(Call call, CallerWishes wishes) => call.ToModelCall() with
    {
        LockedWait = wishes.Wait,
        ApprovalWait = wishes.ApprovalWaitWithin(settings.ApprovalWait),
        LeastUsefulOutputTokens = wishes.LeastOutput,
        RunLimit = wishes.RunLimit,
    };

    private static Call Counted(Call call, long bound) => call with { Shape = call.Shape with { InputBound = bound, Input = null } };

    /// <summary>The closest bound that did not fit.</summary>
    private static long Conservative(Call call) => Math.Min(call.Shape.InputBound, call.Shape.Input?.Closest ?? long.MaxValue);

    private async ValueTask<ReservedCall> ReserveCountedAsync(HttpContext context, Call call, InputQuestion question, CallerWishes wishes)
    {
        var provider = call.Provider;
        if (await CountAsync(context, call, question) is not { } count || count < Math.Max(1, call.LeastInput))
        {
            return await HoldAsync(context, call, wishes, $"{provider} was asked to count the input, and gave no count to go by.");
        }

        var conservative = Conservative(call);
        if (count > conservative)
        {
            return await HoldAsync(
                context, call, wishes, $"{provider} was asked to count the input: {count} tokens, where at most {conservative} were expected.");
        }

        var bound = Math.Min(question.BoundOf(count), conservative);
        Log.Counted(logger, provider, count, conservative, bound);
        return await HoldAsync(
            context, Counted(call, bound), wishes, $"{provider} was asked to count the input: {count} tokens, for which {bound} would be held.");
    }

    /// <summary>The provider's count; null when none came in time.</summary>
    private async Task<long?> CountAsync(HttpContext context, Call call, InputQuestion question)
    {
        using var timeUp = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeUp.Token, context.RequestAborted);
        try
        {
            using var request = Request(call, question);
            using var response = await client.Invoker.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                Log.NotCounted(logger, null, call.Provider, $"it answered {(int)response.StatusCode}");
                return null;
            }

            await using var stream = await response.Content.ReadAsStreamAsync(either.Token);
            var answer = new byte[LargestAnswer];
            var length = await stream.ReadAtLeastAsync(answer, answer.Length, throwOnEndOfStream: false, either.Token);
            using var document = JsonDocument.Parse(answer.AsMemory(0, length));
            return call.Dialect.InputCount!.Read(document.RootElement);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested
            && exception is HttpRequestException or IOException or JsonException or OperationCanceledException)
        {
            Log.NotCounted(logger, exception, call.Provider, exception.Message);
            return null;
        }
    }

    private static HttpRequestMessage Request(Call call, InputQuestion question)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(call.Route.Provider.BaseAddress + question.Path))
        {
            Content = new ReadOnlyMemoryContent(question.Body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
        };
        call.Route.Provider.Forwarded(call.Tables).Only(call.Dialect.InputCount!.Headers).Copy(call.Headers, request);
        call.Route.Provider.Authorize(request);
        return request;
    }
}
