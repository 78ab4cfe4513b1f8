using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SpendGuard.SignedPrices.Tests;

/// <summary>A price server on a loopback port that does what a test tells it to.</summary>
internal sealed class PriceServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string?> _requests = [];
    private volatile Func<HttpContext, Task> _answer;

    private PriceServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _answer = static context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        _app.Run(context =>
        {
            _requests.Enqueue(context.Request.Headers.IfNoneMatch.FirstOrDefault());
            return _answer(context);
        });
    }

    public string Url => _app.Urls.Single() + "/prices?token=secret";

    /// <summary>The tag that each request so far asked with.</summary>
    public IReadOnlyList<string?> Requests => [.. _requests];

    public static async Task<PriceServer> StartAsync(byte[]? document = null, string? tag = "\"1\"")
    {
        var server = new PriceServer();
        if (document is not null)
        {
            server.Publish(document, tag);
        }

        await server._app.StartAsync();
        return server;
    }

    public void Publish(byte[] document, string? tag) => _answer = async context =>
    {
        if (tag is not null)
        {
            context.Response.Headers.ETag = tag;
            if (context.Request.Headers.IfNoneMatch == tag)
            {
                context.Response.StatusCode = StatusCodes.Status304NotModified;
                return;
            }
        }

        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(document);
    };

    /// <summary>Cuts every connection.</summary>
    public void GoDown() => Answer(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    public void Answer(Func<HttpContext, Task> answer) => _answer = answer;

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();
}
