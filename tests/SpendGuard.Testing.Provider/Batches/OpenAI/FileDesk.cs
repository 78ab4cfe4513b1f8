using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using SpendGuard.Testing.Provider.Calls;
using SpendGuard.Testing.Provider.Wire;
using SpendGuard.Testing.Provider.Wire.OpenAI;

namespace SpendGuard.Testing.Provider.Batches.OpenAI;

/// <summary>The routes of OpenAI's files.</summary>
internal sealed class FileDesk(SimulatedProvider provider, CallBook book, CancellationToken stopping) : Desk(provider, book, stopping)
{
    private const string Files = "/v1/files";
    private const long ThirtyDays = 30 * 24 * 3_600;

    private static readonly FormOptions Form = new() { MultipartBodyLengthLimit = long.MaxValue };

    public void Map(WebApplication app)
    {
        app.MapPost(Files, (RequestDelegate)UploadAsync);
        app.MapGet(Files + "/{id}", (RequestDelegate)(context => OfFileAsync(context, file => SendAsync(context, 200, file.ToJson()))));
        app.MapGet(Files + "/{id}/content", (RequestDelegate)(context => OfFileAsync(context, file => SendContentAsync(context, file))));
        app.MapDelete(Files + "/{id}", (RequestDelegate)(context => OfFileAsync(context, file => DeleteAsync(context, file))));
    }

    protected override JsonObject Error(int status, string message, string? param = null, string? code = null) =>
        OpenAIError.Envelope(status, message, param, code);

    private async Task UploadAsync(HttpContext context)
    {
        var (form, content) = await ReadAsync(context);
        var made = Arrival.Read(context.Request, Fields(form), Book);
        await TakeAsync(context, made, () => Read(form, content, made), Provider.Files.Keep, file => file.ToJson());
    }

    private static async Task<(IFormCollection? Form, byte[] Content)> ReadAsync(HttpContext context)
    {
        try
        {
            var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(Form, context.RequestAborted) : null;
            using var content = new MemoryStream();
            await (form?.Files.GetFile("file")?.CopyToAsync(content, context.RequestAborted) ?? Task.CompletedTask);
            return (form, content.ToArray());
        }
        catch (InvalidDataException)
        {
            return (null, []);
        }
    }

    private static JsonObject Fields(IFormCollection? form)
    {
        var fields = new JsonObject();
        foreach (var (name, value) in form ?? FormCollection.Empty)
        {
            fields[name] = value.ToString();
        }

        return fields;
    }

    private static SimulatedFile Read(IFormCollection? form, byte[] content, SimulatedRequest made)
    {
        var file = form?.Files.GetFile("file") ?? throw new RejectedRequestException(400, "'file' is a required property") { Param = "file" };
        var purpose = made.Body["purpose"].Text() ?? throw new RejectedRequestException(400, "'purpose' is a required property") { Param = "purpose" };
        var isBatch = purpose == SimulatedFile.OfRequests;
        if (isBatch && !file.FileName.EndsWith(".jsonl", StringComparison.Ordinal))
        {
            throw new RejectedRequestException(400, "Invalid file format for Batch API. Must be .jsonl");
        }

        var expiry = isBatch ? ThirtyDays : (long?)null;
        if (made.Body.Any(field => field.Key.StartsWith("expires_after", StringComparison.Ordinal)))
        {
            expiry = SimulatedFile.Expiry(made.Body["expires_after[anchor]"].Text(), made.Body["expires_after[seconds]"].Text())
                ?? throw new RejectedRequestException(400, "Invalid 'expires_after'.") { Param = "expires_after" };
        }

        return new($"file-{made.CallId:D6}", file.FileName, purpose, content) { ExpiresAfter = expiry };
    }

    private async Task SendContentAsync(HttpContext context, SimulatedFile file)
    {
        if (file.Lines is { } results)
        {
            await SendResultsAsync(context, Provider.OpenAIBatches, "application/octet-stream", results);
            return;
        }

        context.Response.ContentType = "application/octet-stream";
        await context.Response.Body.WriteAsync(file.Content, CancellationToken.None);
    }

    private Task DeleteAsync(HttpContext context, SimulatedFile file)
    {
        Provider.Files.Delete(file.Id);
        return SendAsync(context, 200, new() { ["id"] = file.Id, ["object"] = "file", ["deleted"] = true });
    }

    private Task OfFileAsync(HttpContext context, Func<SimulatedFile, Task> answer) =>
        (string)context.GetRouteValue("id")! is var id && Provider.Files.Find(id) is { } file
            ? answer(file)
            : SendAsync(context, 404, Error(404, $"No such File object: {id}", "id"));
}
