// A model provider on loopback for the examples that are no .NET programs. It speaks the wire formats of OpenAI, Anthropic and Gemini,
// has its own prices and keeps its own bill. It prints its address, serves until it is stopped, and tells its bill at /bill.
using System.Runtime.InteropServices;
using SpendGuard.Testing.Provider;

var stop = new TaskCompletionSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

// Answers long enough that a cent does not last for many.
await using var provider = await SimulatedProvider.StartAsync(
    new SimulatedProviderOptions { Behaviour = new Behaviour { OutputTokens = 150 } });
Console.WriteLine(provider.BaseAddress.GetLeftPart(UriPartial.Authority));
await stop.Task;

void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}
