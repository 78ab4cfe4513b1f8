using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.Anthropic;

namespace SpendGuard.Testing.Provider.Batches;

/// <summary>The routes of batches.</summary>
internal sealed class BatchDesk(SimulatedProvider provider, CallBook book, CancellationToken stopping)
{
    private const string Batches = "/v1/messages/batches";

    public void Map(WebApplication app)
    {
        app.MapPost(Batches, (RequestDelegate)CreateAsync);
        app.MapGet(Batches + "/{id}", (RequestDelegate)(context => OfBatchAsync(context, batch => SendAsync(context, 200, MessageBatchJson.Of(batch, provider.BaseAddress)))));
        app.MapPost(Batches + "/{id}/cancel", (RequestDelegate)(context => OfBatchAsync(context, batch => CancelAsync(context, batch))));
        app.MapDelete(Batches + "/{id}", (RequestDelegate)(context => OfBatchAsync(context, batch => DeleteAsync(context, batch))));
        app.MapGet(Batches + "/{id}/results", (RequestDelegate)(context => OfBatchAsync(context, batch => SendResultsAsync(context, batch))));
    }

    private async Task CreateAsync(HttpContext context)
    {
        var body = await RequestJson.ParseAsync(context.Request.Body) ?? [];
        var made = Arrival.Read(context.Request, body, book);
        try
        {
            var batch = Read(made);
            await provider.ArrivedAsync(made);
            var behaviour = provider.BehaviourFor(made);
            if (behaviour.FailWithStatus is null || behaviour.BillFailures)
            {
                provider.Batches.Keep(batch);
            }

            if (behaviour.Hang)
            {
                using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stopping);
                await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            if (behaviour.Hang || behaviour.CutBeforeHeaders)
            {
                context.Abort();
                return;
            }

            var status = behaviour.FailWithStatus ?? StatusCodes.Status200OK;
            book.Update(made.CallId, call => call with { Status = status, Finished = true });
            await SendAsync(
                context,
                status,
                behaviour.FailWithStatus is null ? MessageBatchJson.Of(batch, provider.BaseAddress)
                    : behaviour.FailWithBody is { } error ? JsonNode.Parse(error)!.AsObject()
                    : AnthropicError.Envelope(status, $"The simulated provider was told to answer {status}."));
        }
        catch (RejectedRequestException rejected)
        {
            await SendAsync(context, rejected.Status, AnthropicError.Envelope(rejected.Status, rejected.Message));
        }
    }

    /// <summary>Whether a request is one that is served, is found out when its turn comes.</summary>
    private static SimulatedBatch Read(SimulatedRequest made)
    {
        var requests = made.Body["requests"].Objects().ToList();
        if (requests.Count == 0 || requests.Exists(request => request["params"] is not JsonObject) || requests.Exists(request => request["params"]!["stream"].IsTrue()))
        {
            throw new RejectedRequestException(400, "requests: Field required");
        }

        return requests.Select(request => request["custom_id"].Text()).Distinct().Count() == requests.Count
            ? new SimulatedBatch(
                $"msgbatch_{made.CallId:D6}",
                made,
                [.. requests.Select(request => (request["custom_id"].Text()!, made with { Body = request["params"]!.DeepClone().AsObject() }))])
            : throw new RejectedRequestException(400, "requests: custom_id has to be unique");
    }

    private Task CancelAsync(HttpContext context, SimulatedBatch batch)
    {
        var canceled = batch.Results is null ? batch with { IsCanceling = true } : batch;
        provider.Batches.Keep(canceled);
        return SendAsync(context, 200, MessageBatchJson.Of(canceled, provider.BaseAddress));
    }

    private Task DeleteAsync(HttpContext context, SimulatedBatch batch)
    {
        if (batch.Results is null)
        {
            return SendAsync(context, 400, AnthropicError.Envelope(400, "The batch is in progress."));
        }

        provider.Batches.Delete(batch.Id);
        return SendAsync(context, 200, new JsonObject { ["id"] = batch.Id, ["type"] = "message_batch_deleted" });
    }

    private async Task SendResultsAsync(HttpContext context, SimulatedBatch batch)
    {
        if (batch.Results is null)
        {
            await SendAsync(context, 400, AnthropicError.Envelope(400, "The batch has no results yet."));
            return;
        }

        context.Response.ContentType = "application/x-jsonl";
        var lines = provider.Batches.Lines?.Invoke(batch.Results) ?? batch.Results;
        var bytes = Encoding.UTF8.GetBytes(string.Concat(lines));
        var sent = Math.Min(bytes.Length, provider.Batches.CutResultsAfter ?? bytes.Length);
        var first = sent == bytes.Length ? Math.Max(0, sent - 1) : sent;
        await context.Response.Body.WriteAsync(bytes.AsMemory(0, first), CancellationToken.None);
        await context.Response.Body.FlushAsync(CancellationToken.None);
        await provider.Batches.BeforeTheLastByte.WaitAsync(stopping);
        if (sent < bytes.Length)
        {
            throw new ConnectionCutException();
        }

        await context.Response.Body.WriteAsync(bytes.AsMemory(first), CancellationToken.None);
    }

    private Task OfBatchAsync(HttpContext context, Func<SimulatedBatch, Task> answer) =>
        provider.Batches.Find((string)context.GetRouteValue("id")!) is { } batch
            ? answer(batch)
            : SendAsync(context, 404, AnthropicError.Envelope(404, "There is no such batch."));

    private static Task SendAsync(HttpContext context, int status, JsonObject body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), CancellationToken.None);
    }
}
