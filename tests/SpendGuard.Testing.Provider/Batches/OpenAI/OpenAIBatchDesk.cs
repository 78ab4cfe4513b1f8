using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.OpenAI;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>The routes of OpenAI's batches.</summary>
internal sealed class OpenAIBatchDesk(SimulatedProvider provider, CallBook book, CancellationToken stopping) : Desk(provider, book, stopping)
{
    private const string Batches = "/v1/batches";

    private static readonly string[] Endpoints = ["/v1/chat/completions", "/v1/responses", "/v1/embeddings", "/v1/images/generations"];

    public void Map(WebApplication app)
    {
        app.MapPost(Batches, (RequestDelegate)CreateAsync);
        app.MapGet(Batches + "/{id}", (RequestDelegate)(context => OfBatchAsync(context, batch => SendAsync(context, 200, Tell(batch)))));
        app.MapPost(Batches + "/{id}/cancel", (RequestDelegate)(context => OfBatchAsync(context, batch => CancelAsync(context, batch))));
    }

    protected override JsonObject Error(int status, string message, string? param = null, string? code = null) =>
        OpenAIError.Envelope(status, message, param, code);

    private async Task CreateAsync(HttpContext context)
    {
        var made = Arrival.Read(context.Request, await RequestJson.ParseAsync(context.Request.Body) ?? [], Book);
        await TakeAsync(context, made, () => Read(made), Provider.OpenAIBatches.Keep, batch => Provider.OpenAIBatches.Tell(BatchJson.Made(batch)));
    }

    private SimulatedBatch Read(SimulatedRequest made)
    {
        var endpoint = made.Body["endpoint"].Text();
        if (endpoint is null || !Endpoints.Contains(endpoint, StringComparer.Ordinal))
        {
            throw Invalid("endpoint", $"Invalid value: '{endpoint}'. Supported values are: {string.Join(", ", Endpoints)}.");
        }

        if (made.Body["completion_window"].Text() != "24h")
        {
            throw Invalid("completion_window", "Invalid value. Supported values are: '24h'.");
        }

        if (made.Body["input_file_id"].Text() is not { } id || Provider.Files.Find(id) is not { Purpose: SimulatedFile.OfRequests } file)
        {
            throw Invalid("input_file_id", "There is no such file with the purpose 'batch'.");
        }

        if (made.Body["metadata"] is { } metadata && (metadata is not JsonObject pairs || pairs.Count > 16 || pairs.Any(pair => pair.Value.Text() is null)))
        {
            throw Invalid("metadata", "Metadata is at most 16 pairs of text.");
        }

        if (made.Body["output_expires_after"] is { } expiry
            && (expiry is not JsonObject after || SimulatedFile.Expiry(after["anchor"].Text(), after["seconds"]?.ToJsonString()) is null))
        {
            throw Invalid("output_expires_after", "Invalid 'output_expires_after'.");
        }

        var (requests, faults) = BatchLines.Read(file.Content, endpoint, Provider.OpenAIBatches.TakesSeveralModels);
        return new($"batch_{made.CallId:D6}", made, faults.Count > 0 ? [] : [.. requests.Select(request => (request.Id, made with { Body = request.Body }))])
        {
            Faults = faults,
            Results = faults.Count > 0 ? [] : null,
        };
    }

    private Task CancelAsync(HttpContext context, SimulatedBatch batch)
    {
        if (batch.Results is null)
        {
            batch = batch with { IsCanceling = true };
            Provider.OpenAIBatches.Keep(batch);
        }

        var status = BatchJson.Status(batch);
        return status is "cancelling" or "cancelled"
            ? SendAsync(context, 200, Tell(batch))
            : SendAsync(context, 409, Error(409, $"Cannot cancel a batch with status '{status}'."));
    }

    private JsonObject Tell(SimulatedBatch batch) => Provider.OpenAIBatches.Tell(BatchJson.Of(batch));

    private Task OfBatchAsync(HttpContext context, Func<SimulatedBatch, Task> answer) =>
        (string)context.GetRouteValue("id")! is var id && Provider.OpenAIBatches.Find(id) is { } batch
            ? answer(batch)
            : SendAsync(context, 404, Error(404, $"No batch found with id '{id}'."));

    private static RejectedRequestException Invalid(string param, string message) => new(400, message) { Param = param };
}
