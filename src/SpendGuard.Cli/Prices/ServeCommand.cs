using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Net.Http.Headers;
using SpendGuard.Cli.Documents;
using SpendGuard.Cli.Output;
using SpendGuard.Cli.RequestTables;

namespace SpendGuard.Cli.Prices;

/// <summary><c>spendguard prices serve</c>: a price server for sidecars.</summary>
internal sealed class ServeCommand
{
    private const string Route = "/v1/public/pricing";
    private const string TableRoute = "/v1/public/request-tables";

    public ServeCommand(Shell shell)
    {
        var input = PriceOptions.Input("Price document to serve; read again when it changes");
        var key = PriceOptions.Key();
        var expiresIn = PriceOptions.ExpiresIn();
        var tables = new Option<string?>("--tables")
        {
            Description = "Document of request tables to serve beside it, signed alike [default: none]",
            HelpName = "file",
        };
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, with a semicolon between them",
            HelpName = "urls",
            DefaultValueFactory = static _ => "http://127.0.0.1:8788",
        };
        Command = new Command("serve", "Serve a price document to sidecars until Ctrl+C, signed anew before it expires.") { input, tables, key, expiresIn, urls };
        Command.SetAction(async (parsed, stop) =>
        {
            var keys = await PrivateKeyFile.ReadAsync(shell, parsed.GetRequiredValue(key), stop);
            var span = parsed.GetValue(expiresIn) ?? PriceOptions.DefaultExpiresIn;
            var served = new Dictionary<string, ServedFile>(StringComparer.Ordinal)
            {
                [Route] = new(shell, parsed.GetRequiredValue(input), span, Signed(new PriceDocument())),
            };
            if (parsed.GetValue(tables) is { } file)
            {
                served[TableRoute] = new(shell, file, span, Signed(new TableDocument()));
            }

            foreach (var document in served.Values)
            {
                document.Start();
            }

            await using var app = Build(served, parsed.GetRequiredValue(urls));
            try
            {
                await StartAsync(app, parsed.GetRequiredValue(urls), stop);
                foreach (var address in app.Urls)
                {
                    await shell.Output.WriteLineAsync(Line.Of("CAP_PRICING_URL", address + Route));
                    if (served.ContainsKey(TableRoute))
                    {
                        await shell.Output.WriteLineAsync(Line.Of("SPENDGUARD_REQUEST_TABLES_URL", address + TableRoute));
                    }
                }

                await shell.Output.WriteLineAsync(Line.Of("CAP_PRICING_SIGNING_PUBLIC_KEY", keys.PublicKey));
                await shell.Output.FlushAsync(stop);
                await app.WaitForShutdownAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                // How a server ends, however soon.
            }

            Func<byte[], DateTimeOffset, byte[]> Signed(DocumentKind kind)
            {
                var options = VerificationSettings.Read(shell);
                return (content, at) => DocumentSigning.Sign(kind, content, keys, options, at, span).Document;
            }
        });
    }

    public Command Command { get; }

    private static WebApplication Build(IReadOnlyDictionary<string, ServedFile> served, string urls)
    {
        // Nothing is read from the folder that it is started in, nor watched there.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseUrls(urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = 0;
        });
        var app = builder.Build();
        foreach (var (route, document) in served)
        {
            app.MapMethods(route, [HttpMethods.Get, HttpMethods.Head], context => Answer(context, document.Current()).ExecuteAsync(context));
        }

        return app;
    }

    private static IResult Answer(HttpContext context, ServedDocument? document)
    {
        if (document is null)
        {
            return TypedResults.Text("The last good document has expired. The server's error stream says why there is no other.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }

        // A cache has to ask whether what it has is still in force.
        context.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Bytes(document.Document, "application/json", entityTag: new EntityTagHeaderValue(document.Tag));
    }

    private static async Task StartAsync(WebApplication app, string urls, CancellationToken stop)
    {
        try
        {
            await app.StartAsync(stop);
        }
        catch (Exception exception) when (exception is IOException or FormatException or InvalidOperationException or System.Net.Sockets.SocketException)
        {
            throw new CommandFailedException($"Cannot listen on {urls} ({exception.Message.TrimEnd('.')}). Check --urls.", innerException: exception);
        }
    }
}
