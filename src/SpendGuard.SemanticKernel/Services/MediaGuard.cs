#pragma warning disable MEAI001 // The abstractions of images and speech are experimental; what they cost is not.

using Microsoft.Extensions.AI;
using SpendGuard.Extensions.AI;

namespace SpendGuard.SemanticKernel.Services;

/// <summary>Guards image generators and speech clients.</summary>
internal sealed class MediaGuard(AgentId agent, SpendGuardEngine engine, SpendGuardKernelOptions options, string name)
{
    /// <summary>Whether services of this type are image generators or speech clients.</summary>
    public static bool Guards(Type service) =>
        service == typeof(IImageGenerator) || service == typeof(ISpeechToTextClient) || service == typeof(ITextToSpeechClient);

    /// <summary>Guards a service. One that has a guard within it stays as it is.</summary>
    /// <param name="service">The type that it is registered as.</param>
    /// <param name="instance">The service.</param>
    /// <param name="owned">Whether disposing the guarded service disposes it.</param>
    public object Guard(Type service, object instance, bool owned)
    {
        try
        {
            return service == typeof(IImageGenerator) ? Guard((IImageGenerator)instance, owned)
                : service == typeof(ISpeechToTextClient) ? Guard((ISpeechToTextClient)instance, owned)
                : Guard((ITextToSpeechClient)instance, owned);
        }
        catch (InvalidOperationException order)
        {
            throw Refusals.Pipeline(name, order.Message);
        }
    }

    private IImageGenerator Guard(IImageGenerator generator, bool owned)
    {
        var guarded = GuardedPipeline.IsGuarded(generator)
            ? generator
            : new SpendGuardImageGenerator(generator, agent, engine, Set(new GuardSettings(), options.ImageGenerator));
        return owned ? guarded : new BorrowedImages(guarded);
    }

    private ISpeechToTextClient Guard(ISpeechToTextClient client, bool owned)
    {
        var guarded = GuardedPipeline.IsGuarded(client)
            ? client
            : new SpendGuardSpeechToTextClient(client, agent, engine, Set(new SpeechToTextSettings(), options.SpeechToTextClient));
        return owned ? guarded : new BorrowedListener(guarded);
    }

    private ITextToSpeechClient Guard(ITextToSpeechClient client, bool owned)
    {
        var guarded = GuardedPipeline.IsGuarded(client)
            ? client
            : new SpendGuardTextToSpeechClient(client, agent, engine, Set(new GuardSettings(), options.TextToSpeechClient));
        return owned ? guarded : new BorrowedSpeaker(guarded);
    }

    private static T Set<T>(T settings, Action<T>? configure)
    {
        configure?.Invoke(settings);
        return settings;
    }

    private sealed class BorrowedImages(IImageGenerator owned) : DelegatingImageGenerator(owned)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }

    private sealed class BorrowedListener(ISpeechToTextClient owned) : DelegatingSpeechToTextClient(owned)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }

    private sealed class BorrowedSpeaker(ITextToSpeechClient owned) : DelegatingTextToSpeechClient(owned)
    {
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
