using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace SpendGuard.Extensions.AI.Tests.Media;

/// <summary>OpenAI's routes for images and speech on a loopback port, with prices and a bill of its own. Shares nothing with what it checks.</summary>
internal sealed class MediaProvider : IAsyncDisposable
{
    private readonly WebApplication _app;

    private MediaProvider()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/images/generations", (RequestDelegate)PaintAsync);
        _app.MapPost("/v1/audio/transcriptions", (RequestDelegate)ListenAsync);
        _app.MapPost("/v1/audio/speech", (RequestDelegate)SpeakAsync);
    }

    public Uri Endpoint => new(new Uri(_app.Urls.Single()), "v1");

    public int Calls { get; private set; }

    /// <summary>What it has charged, in microcents.</summary>
    public long Bill { get; private set; }

    /// <summary>Whether answers tell no usage.</summary>
    public bool OmitUsage { get; set; }

    /// <summary>Awaited when a call has arrived, before it is billed.</summary>
    public Func<Task> OnArrival { get; set; } = () => Task.CompletedTask;

    public static async Task<MediaProvider> StartAsync()
    {
        var provider = new MediaProvider();
        await provider._app.StartAsync();
        return provider;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>dall-e-3 by the image and its size; others 1,000 output tokens an image.</summary>
    private async Task PaintAsync(HttpContext context)
    {
        var request = await ArriveAsync(context);
        var images = (int?)request["n"] ?? 1;
        var answer = new JsonObject
        {
            ["created"] = 1,
            ["data"] = new JsonArray([.. Enumerable.Range(0, images).Select(_ => new JsonObject { ["b64_json"] = "aW1hZ2U=" })]),
        };
        if ((string?)request["model"] == "dall-e-3")
        {
            Bill += images * ((string?)request["size"] == "1024x1024" ? 4_000_000L : 12_000_000L);
        }
        else
        {
            Tell(answer, input: 10, output: 1_000 * images, inputRate: 500, outputRate: 3_000);
        }

        await context.Response.WriteAsJsonAsync(answer);
    }

    /// <summary>The file says in digits how many seconds it lasts. whisper-1 by the second; others ten audio tokens a second.</summary>
    private async Task ListenAsync(HttpContext context)
    {
        Calls++;
        await OnArrival();
        var form = await context.Request.ReadFormAsync();
        using var file = new StreamReader(form.Files[0].OpenReadStream());
        var seconds = (long)Math.Ceiling(decimal.Parse(await file.ReadToEndAsync(), CultureInfo.InvariantCulture));
        var answer = new JsonObject { ["text"] = "ok" };
        if (form["model"] == "whisper-1")
        {
            Bill += seconds * 10_000;
            if (!OmitUsage)
            {
                answer["usage"] = new JsonObject { ["type"] = "duration", ["seconds"] = seconds };
            }

            if (form["response_format"] == "verbose_json")
            {
                answer["duration"] = seconds - 0.5m;
                answer["language"] = "english";
            }
        }
        else
        {
            Tell(answer, input: 10 * seconds, output: 5, inputRate: 600, outputRate: 1_000, audio: true);
        }

        await (form["stream"] == "true" ? SendAsync(context, "transcript.text.done", answer) : context.Response.WriteAsJsonAsync(answer));
    }

    /// <summary>tts-1 by the character; others 20 audio tokens a call.</summary>
    private async Task SpeakAsync(HttpContext context)
    {
        var request = await ArriveAsync(context);
        var answer = new JsonObject();
        if ((string?)request["model"] == "tts-1")
        {
            Bill += ((string)request["input"]!).EnumerateRunes().Count() * 1_500L;
        }
        else
        {
            Tell(answer, input: 4, output: 20, inputRate: 60, outputRate: 1_200);
        }

        if ((string?)request["stream_format"] == "sse")
        {
            await SendAsync(context, "speech.audio.done", answer);
            return;
        }

        context.Response.ContentType = "audio/mpeg";
        await context.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("sound"));
    }

    private async Task<JsonNode> ArriveAsync(HttpContext context)
    {
        Calls++;
        await OnArrival();
        return (await JsonNode.ParseAsync(context.Request.Body))!;
    }

    private void Tell(JsonObject answer, long input, long output, long inputRate, long outputRate, bool audio = false)
    {
        Bill += (input * inputRate) + (output * outputRate);
        if (!OmitUsage)
        {
            answer["usage"] = new JsonObject
            {
                ["type"] = "tokens",
                ["input_tokens"] = input,
                ["output_tokens"] = output,
                ["total_tokens"] = input + output,
                ["input_token_details"] = new JsonObject { ["audio_tokens"] = audio ? input : 0, ["text_tokens"] = audio ? 0 : input },
            };
        }
    }

    private static Task SendAsync(HttpContext context, string type, JsonObject last)
    {
        last["type"] = type;
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync($"data: {last.ToJsonString()}\n\n");
    }
}
