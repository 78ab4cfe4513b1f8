using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.Anthropic;

namespace SpendGuard.Testing.Provider.Batches.Anthropic;

/// <summary>The routes of Anthropic's batches.</summary>
internal sealed class MessageBatchDesk(SimulatedProvider provider, CallBook book, CancellationToken stopping) : Desk(provider, book, stopping)
{
    private const string Batches = "/v1/messages/batches";

    public void Map(WebApplication app)
    {
        app.MapPost(Batches, (RequestDelegate)CreateAsync);
        app.MapGet(Batches + "/{id}", (RequestDelegate)(context => OfBatchAsync(context, batch => SendAsync(context, 200, Tell(batch)))));
        app.MapPost(Batches + "/{id}/cancel", (RequestDelegate)(context => OfBatchAsync(context, batch => CancelAsync(context, batch))));
        app.MapDelete(Batches + "/{id}", (RequestDelegate)(context => OfBatchAsync(context, batch => DeleteAsync(context, batch))));
        app.MapGet(Batches + "/{id}/results", (RequestDelegate)(context => OfBatchAsync(context, batch => SendResultsAsync(context, batch))));
    }

    protected override JsonObject Error(int status, string message, string? param = null, string? code = null) => AnthropicError.Envelope(status, message);

    private async Task CreateAsync(HttpContext context)
    {
        var made = Arrival.Read(context.Request, await RequestJson.ParseAsync(context.Request.Body) ?? [], Book);
        await TakeAsync(context, made, () => Read(made), Provider.Batches.Keep, Tell);
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
        Provider.Batches.Keep(canceled);
        return SendAsync(context, 200, Tell(canceled));
    }

    private Task DeleteAsync(HttpContext context, SimulatedBatch batch)
    {
        if (batch.Results is null)
        {
            return SendAsync(context, 400, Error(400, "The batch is in progress."));
        }

        Provider.Batches.Delete(batch.Id);
        return SendAsync(context, 200, new JsonObject { ["id"] = batch.Id, ["type"] = "message_batch_deleted" });
    }

    private Task SendResultsAsync(HttpContext context, SimulatedBatch batch) => batch.Results is { } results
        ? SendResultsAsync(context, Provider.Batches, "application/x-jsonl", [.. results.Select(MessageBatchJson.Line)])
        : SendAsync(context, 400, Error(400, "The batch has no results yet."));

    private JsonObject Tell(SimulatedBatch batch) => Provider.Batches.Tell(MessageBatchJson.Of(batch, Provider.BaseAddress));

    private Task OfBatchAsync(HttpContext context, Func<SimulatedBatch, Task> answer) =>
        Provider.Batches.Find((string)context.GetRouteValue("id")!) is { } batch
            ? answer(batch)
            : SendAsync(context, 404, Error(404, "There is no such batch."));
}
