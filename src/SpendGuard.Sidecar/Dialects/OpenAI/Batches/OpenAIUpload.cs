using Microsoft.AspNetCore.Http.Features;
using SpendGuard.Sidecar.Access;
using SpendGuard.Sidecar.Calls;
using SpendGuard.Sidecar.Calls.Relay;
using SpendGuard.Sidecar.Providers;
using SpendGuard.Sidecar.Refusals;
using SpendGuard.Sidecar.Settings;

namespace SpendGuard.Sidecar.Dialects.OpenAI.Batches;

/// <summary>Takes the file that a batch is made of. It costs nothing, and is read when the batch is made.</summary>
internal sealed class OpenAIUpload(OpenAIFiles files, SidecarSettings settings, ILogger<OpenAIUpload> logger)
{
    private const string Purpose = "purpose", File = "file";
    private const int LongestName = 100;
    private static readonly string[] Known = [Purpose, "expires_after[anchor]", "expires_after[seconds]"];

    public async Task HandleAsync(HttpContext context, ProviderRoute route)
    {
        RefuseOtherClients(context, route);
        route.Provider.RequireKey();
        await LargeBody.RequireBudgetAsync(context, Caller.Of(context), whateverItsSize: true);
        var form = await ReadAsync(context);
        var file = Check(form);
        var more = form.Where(static field => field.Key != Purpose).Select(static field => KeyValuePair.Create(field.Key, field.Value.ToString()));
        try
        {
            using var content = new StreamContent(file.OpenReadStream());
            var (status, body) = await files.KeepAsync(route.Provider, content, NameOf(file), more, context.RequestAborted);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body, CancellationToken.None);
        }
        catch (Exception exception) when (!context.RequestAborted.IsCancellationRequested && exception is HttpRequestException or IOException or OperationCanceledException)
        {
            Log.BatchNotMade(logger, exception, route.Provider.Name);
            var refusal = new Refusal(StatusCodes.Status502BadGateway, NoAnswer.From(route.Provider.Name), NoAnswer.Told(route.Provider.Name, exception));
            await RefusalWriter.WriteAsync(context, refusal, route.Dialect);
        }
    }

    /// <summary>The route is where clients of several vendors have their files, and none of another's goes to this one.</summary>
    private static void RefuseOtherClients(HttpContext context, ProviderRoute route)
    {
        if (Wings.OfClient(context.Request) is var client && client != route.Provider.Wing)
        {
            const string Sentence = "There is no such route.";
            var why = client.Unmetered.FirstOrDefault(service => service.Takes(context.Request.Path))?.Why;
            throw new BadRequestException(Sentence, StatusCodes.Status404NotFound) { Told = $"{Sentence} What is not metered here goes nowhere, and nothing was sent. {why}" };
        }
    }

    /// <summary>The form, which is kept in memory: there are prompts in it, and no disk has to know them.</summary>
    private async Task<IFormCollection> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
        {
            throw new BadRequestException("The content type has to be multipart/form-data.", StatusCodes.Status415UnsupportedMediaType);
        }

        try
        {
            return await context.Request.ReadFormAsync(
                new FormOptions { MemoryBufferThreshold = int.MaxValue, MultipartBodyLengthLimit = settings.MaxRequestBytes }, context.RequestAborted);
        }
        catch (InvalidDataException exception)
        {
            throw new BadRequestException($"The form cannot be read: {exception.Message}");
        }
        catch (IOException) when (!context.RequestAborted.IsCancellationRequested)
        {
            throw new BadRequestException("The form cannot be read to its end.");
        }
    }

    private static IFormFile Check(IFormCollection form)
    {
        if (form[Purpose] is not [OpenAIFiles.Purpose])
        {
            throw new BadRequestException(
                $"'{Purpose}' has to be '{OpenAIFiles.Purpose}'. Other stored files are not metered: what a call adds of one cannot be seen here. Put its content into the call.");
        }

        if (form.Files is not [{ Name: File } file])
        {
            throw new BadRequestException($"The form has to have one '{File}', with a name and the requests of the batch, one in a line.");
        }

        if (form.Keys.FirstOrDefault(static name => !Known.Contains(name, StringComparer.Ordinal)) is { } unknown)
        {
            throw new BadRequestException($"The form has a field '{Fields.FieldCheck.Shown(unknown)}', which is not known. Leave it out.");
        }

        return file;
    }

    /// <summary>The name of a file as far as it can stand in a form, whatever there is in it.</summary>
    private static string NameOf(IFormFile file)
    {
        var name = string.Concat(file.FileName.Where(static letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_').TakeLast(LongestName));
        return name.Length > 0 ? name : "requests.jsonl";
    }
}
