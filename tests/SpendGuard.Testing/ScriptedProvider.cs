using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Testing;

/// <summary>A provider that answers what a test tells it to, byte for byte, and remembers what it was sent.</summary>
public sealed class ScriptedProvider : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ScriptedRequest> _requests = [];

    private ScriptedProvider(RequestDelegate answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var headers = context.Request.Headers.ToDictionary(
                header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            var target = context.Request.Path + context.Request.QueryString;
            _requests.Enqueue(new ScriptedRequest(target, headers, await reader.ReadToEndAsync()));
            await answer(context);
        });
    }

    public string Address { get; private set; } = "";

    public IReadOnlyCollection<ScriptedRequest> Requests => _requests;

    public static async Task<ScriptedProvider> StartAsync(RequestDelegate answer)
    {
        var provider = new ScriptedProvider(answer);
        await provider._app.StartAsync();
        provider.Address = provider._app.Urls.Single();
        return provider;
    }

    /// <summary>Answers with events, written in pieces of the given size so that they fall apart anywhere.</summary>
    public static Task<ScriptedProvider> StreamingAsync(byte[] events, int pieceSize = int.MaxValue) => StartAsync(async context =>
    {
        context.Response.ContentType = "text/event-stream";
        foreach (var piece in events.Chunk(Math.Min(pieceSize, events.Length)))
        {
            await context.Response.Body.WriteAsync(piece);
            await context.Response.Body.FlushAsync();
        }
    });

    /// <summary>Answers with JSON.</summary>
    public static Task<ScriptedProvider> AnsweringAsync(string json, int status = 200) => StartAsync(context =>
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    });

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}

/// <summary>One request as it came.</summary>
public sealed record ScriptedRequest(string Target, IReadOnlyDictionary<string, string> Headers, string Body);
