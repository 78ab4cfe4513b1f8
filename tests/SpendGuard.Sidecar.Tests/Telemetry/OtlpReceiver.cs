using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Sidecar.Tests.Telemetry;

/// <summary>A collector on a loopback port that keeps what it is sent by OTLP over HTTP.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<OtlpRequest> _requests = [];

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            _requests.Enqueue(new OtlpRequest(context.Request.Path, context.Request.Headers.Authorization.ToString(), body.ToArray()));
            context.Response.ContentType = "application/x-protobuf";
        });
    }

    public string Address => _app.Urls.Single();

    public IReadOnlyCollection<OtlpRequest> Requests => _requests;

    public IReadOnlyList<OtlpSpan> Spans =>
    [
        .. Sent("/v1/traces", 1).SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2)).Select(span => new OtlpSpan(span)),
    ];

    /// <summary>The names of the metrics with their units.</summary>
    public IReadOnlyDictionary<string, string> Metrics => Sent("/v1/metrics", 1)
        .SelectMany(resource => resource.Messages(2)).SelectMany(scope => scope.Messages(2))
        .DistinctBy(metric => metric.Text(1), StringComparer.Ordinal)
        .ToDictionary(metric => metric.Text(1)!, metric => metric.Text(3) ?? "", StringComparer.Ordinal);

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private IEnumerable<Protobuf> Sent(string path, int field) =>
        _requests.Where(request => request.Path == path).SelectMany(request => new Protobuf(request.Body).Messages(field));
}

internal sealed record OtlpRequest(string Path, string Authorization, byte[] Body);

/// <summary>A span as it was sent.</summary>
internal sealed class OtlpSpan(Protobuf span)
{
    public string Name => span.Text(5)!;

    /// <summary>2 for an error.</summary>
    public ulong Status => span.Messages(15).FirstOrDefault()?.Number(3) ?? 0;

    public IReadOnlyDictionary<string, string> Attributes { get; } = span.Messages(9).ToDictionary(
        pair => pair.Text(1)!,
        pair => pair.Messages(2).Select(value => value.Text(1) ?? value.Number(3)?.ToString(CultureInfo.InvariantCulture) ?? "").Single(),
        StringComparer.Ordinal);
}
